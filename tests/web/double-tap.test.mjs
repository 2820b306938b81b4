// A second tap on a button while the next page is on its way, in a real browser: it goes with the cookies that the first answer
// brought, and leads to that page.
import assert from 'node:assert/strict';
import { Agent, createServer, request as ask } from 'node:http';
import { after, test } from 'node:test';
import { launch } from './chromium.mjs';
import { password, person, totp } from './person.mjs';
import { startServer } from './server.mjs';

// A door in front of the server. Once told to, it keeps the next page back, and lets nothing of it through: its form is tapped again.
const door = createServer((asked, answer) => {
  if (asked.method === 'POST') door.posts += 1;
  if (door.hold && asked.method === 'GET' && !asked.url.startsWith('/assets')) {
    door.hold();
    door.hold = undefined;
    return;
  }
  const through = ask({ ...door.to, method: asked.method, path: asked.url, headers: asked.headers, agent: door.agent }, (said) => {
    answer.writeHead(said.statusCode, said.headers);
    said.pipe(answer);
  });
  through.on('error', () => answer.destroy());
  asked.pipe(through);
});
door.posts = 0;
door.agent = new Agent({ keepAlive: false });
await new Promise((resolve) => { door.listen(0, '127.0.0.1', resolve); });
const base = `http://127.0.0.1:${door.address().port}`;

const browser = await launch();
const behind = await new Promise((resolve) => { const one = createServer().listen(0, '127.0.0.1', () => { const { port } = one.address(); one.close(() => resolve(port)); }); });
const server = await startServer(['--listen', `127.0.0.1:${behind}`, '--public-url', base, '--limits-register-burst', '30']);
door.to = { host: '127.0.0.1', port: behind };
const { visitor, codeFor } = person(browser, { base, mailed: server.mailed });

after(async () => {
  await browser.close();
  door.closeAllConnections();
  door.close();
  await server.stop();
});

const head = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();

// Taps the button, and once more a quarter of a second later; `then` heads the page that both lead to.
async function tapTwice(page, name, then) {
  const before = door.posts;
  const next = new Promise((resolve) => { door.hold = resolve; });
  const button = page.getByRole('button', { name, exact: true });
  await button.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await button.boundingBox();
  // By the mouse alone: whoever presses a button by its name waits for the page that is on its way.
  const tap = () => page.mouse.click(x + width / 2, y + height / 2);
  await tap();
  await next;
  await new Promise((resolve) => { setTimeout(resolve, 250); });
  await tap();
  await head(page, then);
  assert.equal(door.posts, before + 2, `${name} was sent twice`);
}

// Asks for a code and types it.
async function code(page, email, then) {
  await page.getByLabel('E-mail address').fill(email);
  const digits = await codeFor(email, () => page.getByRole('button', { name: 'Send the code' }).click());
  await page.getByLabel('8-digit code').fill(digits);
  await tapTwice(page, 'Continue', then);
}

test('every form of signing in that is tapped twice leads to the next page', async () => {
  const { context, page, seen } = await visitor();
  const email = 'maya@example.org';
  await page.goto(`${base}/register`);
  await code(page, email, 'Choose a password');
  await page.getByLabel('New password').fill(password);
  await page.getByLabel('I am 18 or over').check();
  await tapTwice(page, 'Create the account', 'You are signed in');
  await page.goto(`${base}/account/two-step`);
  await page.getByRole('button', { name: 'Switch on' }).click();
  const key = await page.locator('.key').innerText();
  await page.getByLabel('6-digit code').fill(totp(key));
  await page.getByRole('button', { name: 'Switch on' }).click();
  await head(page, 'Your backup codes');
  await context.clearCookies();
  await page.goto(`${base}/login`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await tapTwice(page, 'Sign in', 'Two-step sign-in');
  // The step after the one that switched it on: a code works once.
  await page.getByLabel('6-digit code').fill(totp(key, Date.now() + 30_000));
  await tapTwice(page, 'Continue', 'You are signed in');
  await page.goto(`${base}/account/two-step/off`);
  await page.getByRole('button', { name: 'Switch off' }).click();
  await context.clearCookies();
  await page.goto(`${base}/reset`);
  await code(page, email, 'Choose a new password');
  await page.getByLabel('New password').fill(`another ${password}`);
  await tapTwice(page, 'Set the password', 'Your password is changed');
  assert.deepEqual(seen.refused, []);
  await context.close();
});
