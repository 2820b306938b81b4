// A person at a browser: signs up on the real pages, and has programs that wait to be led back to.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

export const password = 'lecture throw pole artwork proof';
export const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const code = /^ {4}(\d{4} \d{4})\r?$/m;

// What the policies of a page forbade, told by the browser itself, whether the page's own scripts are on or off: the
// issues of its developer tools, and the lines of its console.
async function refusals(context, page) {
  const refused = [];
  const tools = await context.newCDPSession(page);
  tools.on('Audits.issueAdded', ({ issue }) => {
    const { violatedDirective, blockedURL } = issue.details.contentSecurityPolicyIssueDetails ?? {};
    if (violatedDirective) refused.push(`${page.url()}: ${violatedDirective} ${blockedURL ?? ''}`.trim());
  });
  await tools.send('Audits.enable');
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(`${page.url()}: ${message.text()}`);
  });
  return refused;
}

// What one person does on the pages of this server.
export function person(browser, { base, mailed }) {
  // A window of its own, without scripts, and what it asked of others and what a page's policy forbade it.
  async function visitor(options = {}) {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 }, ...options });
    const page = await context.newPage();
    const seen = { foreign: [], refused: await refusals(context, page) };
    page.on('request', (asked) => { if (!asked.url().startsWith(base) && !asked.url().startsWith('data:')) seen.foreign.push(asked.url()); });
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

// RFC 6238 as any authenticator app does it.
export function totp(base32, time = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...base32.replace(/\s/g, '')].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(time / 30000)));
  const mac = createHmac('sha1', key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

// An app's request for a sign-in, as the address that it opens.
export function request(base, clientId, redirect, verifier = randomBytes(32).toString('base64url')) {
  const parameters = new URLSearchParams({
    response_type: 'code', client_id: clientId, redirect_uri: redirect, scope: 'sync', state: 'a state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
  });
  return `${base}/oauth/authorize?${parameters}`;
}

// A program on this computer that waits to be led back to; it keeps the address that the browser asked for.
export async function listeningProgram() {
  const app = createServer((asked, answer) => { if (asked.url.startsWith('/callback')) app.callback = asked.url; answer.end('back in the app'); });
  await new Promise((resolve) => { app.listen(0, '127.0.0.1', resolve); });
  app.redirect = `http://127.0.0.1:${app.address().port}/callback`;
  return app;
}
