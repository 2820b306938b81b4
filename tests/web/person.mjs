// A person at a browser: signs up on the real pages, and has programs that wait to be led back to.
import { createServer } from 'node:http';

export const password = 'lecture throw pole artwork proof';
export const press = (page, name) => page.getByRole('button', { name }).click();
const code = /^ {4}(\d{4} \d{4})\r?$/m;

// What one person does on the pages of this server.
export function person(browser, { base, mailed }) {
  // A window of its own, without scripts, and what it asked of others and complained about.
  async function visitor(options = {}) {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 }, ...options });
    const page = await context.newPage();
    const seen = { foreign: [], complaints: [] };
    page.on('request', (asked) => { if (!asked.url().startsWith(base) && !asked.url().startsWith('data:')) seen.foreign.push(asked.url()); });
    page.on('console', (message) => { if (message.type() === 'error') seen.complaints.push(message.text()); });
    return { context, page, seen };
  }

  const codeFor = (email, act) => mailed(email, code, act);

  // Asks for a code on the page for an address, and types it on the next one.
  async function proveAddress(page, label, email, show = async () => {}) {
    await page.getByLabel(label).fill(email);
    const digits = await codeFor(email, () => press(page, 'Send the code'));
    await show();
    await page.getByLabel('8-digit code').fill(digits);
    await press(page, 'Continue');
  }

  async function signUp(page, email, show = async () => {}) {
    await page.getByRole('link', { name: 'Create an account' }).click();
    await proveAddress(page, 'E-mail address', email, () => show('register-code'));
    await page.getByLabel('New password').waitFor();
    await show('new-password');
    await page.getByLabel('New password').fill(password);
    await page.getByLabel('I am 18 or over').check();
    await page.getByRole('button', { name: 'Create the account' }).click();
  }

  return { visitor, codeFor, proveAddress, signUp };
}

// A program on this computer that waits to be led back to; it keeps the address that the browser asked for.
export async function listeningProgram() {
  const app = createServer((asked, answer) => { if (asked.url.startsWith('/callback')) app.callback = asked.url; answer.end('back in the app'); });
  await new Promise((resolve) => { app.listen(0, '127.0.0.1', resolve); });
  app.redirect = `http://127.0.0.1:${app.address().port}/callback`;
  return app;
}
