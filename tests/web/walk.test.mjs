// A parent's way through all of sign-in in a real browser, once with scripts and once without: `Origin: null`, cookies and
// `form-action` behave as browsers do it, not as we think. Nothing on the way is forbidden by a page's policy.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { launch } from './chromium.mjs';
import { listeningProgram, password, person, press, request, totp } from './person.mjs';
import { startServer } from './server.mjs';

const browser = await launch();
// All who sign up here come from one address.
const server = await startServer(['--limits-register-burst', '30']);
const { base } = server;
const { visitor, proveAddress, signUp } = person(browser, server);
const desktop = 'app.kinfolio.desktop';

after(async () => {
  await browser.close();
  await server.stop();
});

const head = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();
const open = (page, name) => page.getByRole('link', { name }).click();

// An app on this computer asks for a sign-in; a new person signs up on the way, confirms it and is led back.
async function signUpFromAnApp(page, email) {
  const [app, verifier] = [await listeningProgram(), randomBytes(32).toString('base64url')];
  await page.goto(request(base, desktop, app.redirect, verifier));
  await signUp(page, email);
  await head(page, new RegExp(`on this computer as\\s+${email}`));
  await press(page, 'Continue');
  await page.waitForURL(`${app.redirect}**`);
  app.close();
  const query = new URL(app.callback, app.redirect).searchParams;
  assert.deepEqual([query.get('iss'), query.get('state'), query.get('code').length], [base, 'a state', 43]);
  const tokens = await token({ grant_type: 'authorization_code', redirect_uri: app.redirect, code: query.get('code'), code_verifier: verifier });
  assert.equal(tokens.status, 200);
  return (await tokens.json()).refresh_token;
}

const token = (fields) => fetch(`${base}/oauth/token`, { method: 'POST', body: new URLSearchParams({ client_id: desktop, ...fields }) });

async function typePassword(page, email, typed) {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(typed);
  await press(page, 'Sign in');
}

// Gives the key in the authenticator app, and the paper.
async function switchTwoStepOn(page) {
  await open(page, 'Manage two-step sign-in');
  await press(page, 'Switch on');
  const key = await page.locator('.key').innerText();
  await page.getByLabel('6-digit code').fill('000000');
  await press(page, 'Switch on');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('6-digit code').fill(totp(key));
  await press(page, 'Switch on');
  await head(page, 'Your backup codes');
  const paper = await page.locator('.codes li').allInnerTexts();
  assert.equal(paper.length, 8);
  await open(page, 'I saved them');
  await page.getByText('8 of 8 backup codes left').waitFor();
  return { key, paper };
}

async function signInAgain(page, email, key) {
  await press(page, 'Sign out of this browser');
  await head(page, 'You are signed out');
  await open(page, 'Sign in again');
  await typePassword(page, email, password);
  await head(page, 'Two-step sign-in');
  // The step after the one that switched it on: a code works once.
  await page.getByLabel('6-digit code').fill(totp(key, Date.now() + 30_000));
  await press(page, 'Continue');
  await head(page, 'You are signed in');
}

// The app's sign-in is renamed and signed out, which asks once more and ends it at once.
async function signTheAppOut(page, refreshToken) {
  await page.goto(`${base}/account`);
  await open(page, 'Manage phones and computers');
  await page.getByText('Not part of a family yet').waitFor();
  await open(page, 'Rename or sign out');
  await page.getByLabel('Name').fill('Kitchen');
  await press(page, 'Save the name');
  await page.getByText('Kitchen').first().waitFor();
  await page.goto(`${base}/account/devices`);
  await open(page, 'Rename or sign out: Kitchen');
  await press(page, 'Sign out');
  await head(page, 'Phones and computers');
  assert.equal(await page.getByText('Kitchen').count(), 0);
  assert.equal((await token({ grant_type: 'refresh_token', refresh_token: refreshToken })).status, 400);
}

async function resetThePassword(page, email, backupCode) {
  await page.goto(`${base}/account`);
  await press(page, 'Sign out of this browser');
  await open(page, 'Sign in again');
  await open(page, 'Forgot your password?');
  await proveAddress(page, 'E-mail address', email);
  await page.getByLabel('New password').fill(`another ${password}`);
  await press(page, 'Set the password');
  // A reset does not pass by two-step sign-in.
  await open(page, 'Use a backup code');
  await page.getByLabel('Backup code').fill(backupCode);
  await press(page, 'Continue');
  await head(page, 'Your password is changed');
}

// Twice: kept the first time.
async function deleteTheAccount(page) {
  for (const kept of [true, false]) {
    await page.goto(`${base}/account`);
    await open(page, 'Delete the account');
    await head(page, 'Delete the account?');
    await press(page, 'Delete the account');
    await page.getByText('This account is to be deleted on').waitFor();
    if (kept) await press(page, 'Keep the account');
  }
}

// Both the developer tools and the console tell of it.
async function notices(page, { refused }, directive) {
  const told = () => refused.filter((text) => text.includes(directive));
  for (let tries = 0; tries < 100 && told().length < 2; tries += 1) await page.waitForTimeout(50);
  assert.ok(told().some((text) => text.includes(`: ${directive}`)) && told().length >= 2, `${directive} is missing: ${refused}`);
}

for (const [words, javaScriptEnabled] of [['with scripts', true], ['without scripts', false]]) {
  test(`a parent ${words} signs up from an app, switches two-step sign-in on, signs the app out, resets the password and deletes the account`, async () => {
    const { context, page, seen } = await visitor({ javaScriptEnabled });
    const email = `maya-${words.replace(' ', '-')}@example.org`;
    const refreshToken = await signUpFromAnApp(page, email);
    // The app listens at a port of this computer, which is no part of the server.
    assert.ok(seen.foreign.every((url) => url.includes('/callback?') || url.endsWith('/favicon.ico')), `nothing from elsewhere: ${seen.foreign}`);
    await page.goto(`${base}/account`);
    const { key, paper } = await switchTwoStepOn(page);
    await signInAgain(page, email, key);
    await signTheAppOut(page, refreshToken);
    await resetThePassword(page, email, paper[0]);
    await deleteTheAccount(page);
    assert.deepEqual(seen.refused, []);
    await context.close();
  });

  test(`the confirmation leads ${words} to a program that listens on the IPv6 loopback`, async () => {
    const redirect = 'http://[::1]:5005/callback';
    const { context, page, seen } = await visitor({ javaScriptEnabled });
    await page.goto(request(base, desktop, redirect));
    await signUp(page, `ivy-${words.replace(' ', '-')}@example.org`);
    // Nobody listens there, and this machine may not even have the address: what counts is that the browser tries.
    const tried = page.waitForEvent('request', { predicate: (asked) => asked.url().startsWith(`${redirect}?code=`), timeout: 10000 });
    await press(page, 'Continue').catch(() => {});
    await tried;
    assert.deepEqual(seen.refused, []);
    await context.close();
  });

  test(`the confirmation leads ${words} to the app's own scheme`, async () => {
    const { context, page, seen } = await visitor({ javaScriptEnabled });
    await page.goto(request(base, 'app.kinfolio', 'app.kinfolio:/oauth2redirect'));
    await signUp(page, `ben-${words.replace(' ', '-')}@example.org`);
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await press(page, 'Continue').catch(() => {});
    assert.match((await answer).headers().location, /^app\.kinfolio:\/oauth2redirect\?code=/);
    // No app is installed here: what counts is that the policy did not stop the browser.
    assert.deepEqual(seen.refused, []);
    await context.close();
  });

  test(`what a page's policy forbids is noticed ${words}`, async () => {
    const { context, page, seen } = await visitor({ javaScriptEnabled });
    // A page of ours with more in it than its own policy allows.
    await page.route(`${base}/login`, async (route) => {
      const answer = await route.fetch();
      const more = '<style>h1 { color: red }</style><img src="https://elsewhere.example/x.png" alt=""><form action="https://elsewhere.example/" id="off"><button>Leave</button></form>';
      await route.fulfill({ response: answer, body: (await answer.text()).replace('</main>', `${more}</main>`) });
    });
    await page.goto(`${base}/login`);
    // No page is ever reached from here: nothing to wait for.
    await page.getByRole('button', { name: 'Leave' }).click({ noWaitAfter: true });
    for (const directive of ['style-src', 'img-src', 'form-action']) await notices(page, seen, directive);
    await context.close();
  });

  test(`a confirmation that may not lead to its app is noticed ${words}`, async () => {
    const app = await listeningProgram();
    const { context, page, seen } = await visitor({ javaScriptEnabled });
    await page.goto(request(base, desktop, app.redirect));
    await signUp(page, `eve-${words.replace(' ', '-')}@example.org`);
    await page.getByRole('button', { name: 'Use another account' }).waitFor();
    await page.route(page.url(), async (route) => {
      const answer = await route.fetch();
      const policy = answer.headers()['content-security-policy'].replace(/form-action [^;]*/, "form-action 'self'");
      return route.fulfill({ response: answer, headers: { ...answer.headers(), 'content-security-policy': policy } });
    });
    await page.reload();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Continue' }).click({ noWaitAfter: true });
    await notices(page, seen, 'form-action');
    assert.equal(app.callback, undefined);
    await context.close();
    app.close();
  });
}
