// Every page of sign-in is looked at in a real browser: as a picture, by axe-core, at 320 pixels and with twice the text,
// light and dark, over the real content security policy.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { launch } from './chromium.mjs';
import { looker } from './look.mjs';
import { listeningProgram, password, person, press, request, totp } from './person.mjs';
import { listen } from './provider.mjs';
import { startServer } from './server.mjs';

// Every address of the router that shows a page, in one line with commas between: tests/it/sign_in/addresses.rs knows them.
const pages = process.env.KINFOLIO_PAGES?.split(',') ?? [];
const looked = new Set();
const undo = /^(http:\S+\/undo\?key=\S+)\r?$/m;

const browser = await launch();
// All who sign up here come from one address. One wrong password, and a new browser needs a code first.
const garden = await listen();
const server = await startServer(['--limits-register-burst', '30', '--limits-account-code-failures', '1'], {
  KINFOLIO_UPSTREAM: 'garden', KINFOLIO_UPSTREAM_GARDEN_LABEL: 'Garden', KINFOLIO_UPSTREAM_GARDEN_ISSUER: garden.issuer,
  KINFOLIO_UPSTREAM_GARDEN_CLIENT_ID: 'kinfolio', KINFOLIO_UPSTREAM_GARDEN_CLIENT_SECRET: 'a secret',
});
const { base, mailed } = server;
garden.admit('kinfolio', 'a secret', [`${base}/upstream/garden/callback`]);
const { visitor, codeFor, proveAddress, signUp } = person(browser, server);

const { look: lookAt, judges } = await looker(browser);

after(async () => {
  await browser.close();
  garden.close();
  await server.stop();
});

// Looks at a page, and remembers its address.
async function look(page, name) {
  looked.add(new URL(page.url()).pathname.replace(/[0-9a-f]{32}/, '{id}').replace('/upstream/garden/', '/upstream/{provider}/'));
  await lookAt(page, name);
}

async function typePassword(page, email) {
  await page.goto(`${base}/login`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await press(page, 'Sign in');
}

test('two-step sign-in is switched on and asked for, and every page of the account fits 320 pixels and twice the text', async () => {
  for (const colorScheme of ['light', 'dark']) {
    // Scripts of ours measure the pages; the pages have none.
    const { context, page, seen } = await visitor({ colorScheme, javaScriptEnabled: true });
    const show = (name) => look(page, `${name}-${colorScheme}`);
    const email = `a-rather-long-name-for-a-parent-${colorScheme}@example.org`;
    await page.goto(`${base}/login`);
    await signUp(page, email);
    await show('signed-in');
    await page.getByRole('link', { name: 'Your account' }).click();
    await show('account');
    await page.getByRole('link', { name: 'Change the e-mail address' }).click();
    await show('email');
    await page.getByLabel('New e-mail address').fill(`new-${email}`);
    const digits = await codeFor(`new-${email}`, () => press(page, 'Send the code'));
    await show('email-code');
    await page.getByLabel('8-digit code').fill(digits);
    const back = await mailed(email, undo, () => press(page, 'Continue'));
    assert.ok((await page.locator('dl').innerText()).includes(`new-${email}`), 'the new address is shown');
    await page.goto(back);
    await show('undo-email');
    await page.getByRole('button', { name: 'Put the address back' }).click();
    await page.getByRole('link', { name: 'Set a new password' }).waitFor();
    await show('undo-email-done');
    await page.getByRole('link', { name: 'Set a new password' }).click();
    await show('reset');
    await proveAddress(page, 'E-mail address', email, () => show('reset-code'));
    await page.getByLabel('New password').waitFor();
    await show('reset-password');
    // The old one opens nothing any more.
    await page.getByLabel('New password').fill(password);
    await press(page, 'Set the password');
    await show('reset-done');
    await page.goto(`${base}/account`);
    await page.getByRole('link', { name: 'Manage two-step sign-in' }).click();
    await show('two-step-off');
    await page.getByRole('button', { name: 'Switch on' }).click();
    await show('two-step-new');
    const picture = page.getByRole('img');
    assert.ok(await picture.evaluate((image) => image.complete && image.naturalWidth >= 200), 'the QR code is drawn');
    const key = await page.locator('.key').innerText();
    assert.match(await page.getByRole('link', { name: 'Open the authenticator app' }).getAttribute('href'), /^otpauth:\/\/totp\//);
    await page.getByLabel('6-digit code').fill('000000');
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByRole('alert').waitFor();
    await show('two-step-wrong');
    await page.getByLabel('6-digit code').fill(totp(key));
    await page.getByRole('button', { name: 'Switch on' }).click();
    await show('backup-codes');
    const codes = await page.locator('.codes li').allInnerTexts();
    assert.equal(codes.length, 8);
    await page.getByRole('link', { name: 'I saved them' }).click();
    await show('account-on');
    for (const path of ['two-step', 'two-step/off', 'password', 'password/changed', 'devices', 'activity']) {
      await page.goto(`${base}/account/${path}`);
      await show(path.replace('/', '-') + '-on');
    }
    // Somebody else with the password asks for it to come off.
    const thief = await visitor({ colorScheme });
    await typePassword(thief.page, email);
    await thief.page.getByRole('link', { name: 'Authenticator app and codes both lost?' }).click();
    await mailed(email, undo, () => press(thief.page, 'Ask for it to be removed'));
    await thief.context.close();
    for (const path of ['', '/two-step']) {
      await page.goto(`${base}/account${path}`);
      await page.getByText('comes off on').waitFor();
      await show(`account${path.replace('/', '-')}-removal`);
    }
    await press(page, 'Keep two-step sign-in');
    await page.getByText('Two-step sign-in stays on').waitFor();
    await show('account-two-step-kept');
    await context.clearCookies();
    await typePassword(page, email);
    await page.getByRole('link', { name: 'Authenticator app and codes both lost?' }).click();
    await show('lost');
    const stop = await mailed(email, undo, () => press(page, 'Ask for it to be removed'));
    await show('lost-asked');
    await page.goto(stop);
    await show('undo-two-step');
    await page.getByRole('button', { name: 'Keep two-step sign-in' }).click();
    await page.getByText('You can close this page').waitFor();
    await show('undo-two-step-done');
    await page.goto(stop);
    await show('undo-over');
    await page.goto(`${base}/login`);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Use a backup code' }).click();
    await page.getByLabel('Backup code').fill(codes[1]);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.goto(`${base}/account`);
    await page.getByRole('button', { name: 'Sign out of this browser' }).click();
    await page.getByRole('link', { name: 'Sign in again' }).waitFor();
    await show('signed-out');
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await show('totp');
    await page.getByRole('link', { name: 'Use a backup code' }).click();
    await page.getByLabel('Backup code').fill('nonsense');
    await page.getByRole('button', { name: 'Continue' }).click();
    await show('backup-code-wrong');
    await page.getByLabel('Backup code').fill(codes[0].toLowerCase().replaceAll('-', ' '));
    await page.getByRole('button', { name: 'Continue' }).click();
    assert.equal(await page.locator('h1').innerText(), 'You are signed in');
    await context.clearCookies();
    await page.goto(`${base}/reset`);
    await proveAddress(page, 'E-mail address', email);
    await page.getByLabel('New password').fill(`another ${password}`);
    await press(page, 'Set the password');
    await page.getByText('Your new password counts once').waitFor();
    await show('totp-reset');
    assert.deepEqual(seen.foreign, [], 'nothing from elsewhere');
    assert.deepEqual(seen.refused, [], 'nothing that the policy forbids');
    await context.close();
  }
});

test('what an app leads to, a device and the code after wrong passwords fit 320 pixels and twice the text', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { context, page, seen } = await visitor({ colorScheme, javaScriptEnabled: true });
    const show = (name) => look(page, `${name}-${colorScheme}`);
    const email = `another-rather-long-name-for-a-parent-${colorScheme}@example.org`;
    const [app, verifier] = [await listeningProgram(), randomBytes(32).toString('base64url')];
    const redirect = app.redirect;
    await page.goto(request(base, 'app.kinfolio.desktop', redirect, verifier));
    await signUp(page, email, show);
    await page.getByRole('button', { name: 'Use another account' }).waitFor();
    await show('confirm');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${redirect}**`);
    const grant = new URLSearchParams(app.callback.split('?')[1]).get('code');
    app.close();
    const redeemed = await fetch(`${base}/oauth/token`, { method: 'POST', body: new URLSearchParams({
      grant_type: 'authorization_code', client_id: 'app.kinfolio.desktop', redirect_uri: redirect, code: grant, code_verifier: verifier,
    }) });
    assert.equal(redeemed.status, 200);
    await page.goto(`${base}/account/devices`);
    await show('devices-one');
    await page.getByRole('link', { name: 'Rename or sign out' }).click();
    await page.getByLabel('Name').fill('Grossmutterurgrossmuttertelefonundrechner im Flur');
    await press(page, 'Save the name');
    await page.goto(`${base}/account/devices`);
    await page.getByRole('link', { name: 'Rename or sign out' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).waitFor();
    await show('device');
    await page.goto(`${base}/account/data`);
    await show('account-data');
    await page.goto(`${base}/account/delete`);
    await show('account-delete');
    await press(page, 'Delete the account');
    await page.getByRole('button', { name: 'Keep the account' }).waitFor();
    await show('account-leaving');
    await press(page, 'Keep the account');
    await page.getByText('Your account is kept.').waitFor();
    await show('account-kept');
    assert.deepEqual(seen.refused, []);
    await context.close();

    const stranger = await visitor({ colorScheme, javaScriptEnabled: true });
    for (const typed of ['a wrong password', 'a wrong password again']) {
      await stranger.page.goto(`${base}/login`);
      await stranger.page.getByLabel('E-mail address').fill(email);
      await stranger.page.getByLabel('Password').fill(typed);
      await press(stranger.page, 'Sign in');
    }
    await stranger.page.getByLabel('8-digit code').waitFor();
    await look(stranger.page, `sign-in-code-${colorScheme}`);
    const full = stranger.page.getByText('No more codes for');
    for (let asked = 0; asked < 10 && !(await full.isVisible()); asked += 1) {
      const answered = stranger.page.waitForResponse((response) => response.request().method() === 'POST');
      await press(stranger.page, 'Send a new code');
      await answered;
      await stranger.page.waitForLoadState('load');
    }
    await full.waitFor();
    await look(stranger.page, `no-more-codes-${colorScheme}`);
    await stranger.context.close();
  }
});

// Signs in at the other service and agrees, on its own pages.
async function atGarden(page, name) {
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  // Agreeing: the one other form there.
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.locator('button[type=submit]').click();
}

test('another service makes an account and is linked and unlinked, on pages that fit 320 pixels and twice the text', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { context, page, seen } = await visitor({ colorScheme, javaScriptEnabled: true });
    const show = (name) => look(page, `${name}-${colorScheme}`);
    const name = `yet-another-rather-long-name-for-a-parent-${colorScheme}`;
    await page.goto(`${base}/login`);
    await page.getByRole('link', { name: 'Continue with Garden' }).click();
    await page.getByText('Cancel').click();
    await page.getByRole('alert').waitFor();
    await show('upstream-declined');
    await page.getByRole('link', { name: 'Continue with Garden' }).click();
    await atGarden(page, name);
    await page.getByLabel('E-mail address').waitFor();
    await show('register-linked');
    await proveAddress(page, 'E-mail address', `${name}@example.org`, () => show('register-linked-code'));
    await page.getByLabel('I am 18 or over').waitFor();
    await show('register-linked-account');
    await press(page, 'Create the account');
    await page.getByRole('alert').waitFor();
    await show('register-linked-no-tick');
    await page.getByLabel('I am 18 or over').check();
    await press(page, 'Create the account');
    await page.getByRole('link', { name: 'Your account' }).click();
    await page.getByRole('link', { name: 'Manage linked sign-ins' }).waitFor();
    await show('account-linked');
    // Come back by Garden, which does not say when it saw its person: a mailed code shows that they are there.
    await page.goto(`${base}/signed-in`);
    await press(page, 'Sign out of this browser');
    await page.goto(`${base}/login`);
    await page.getByRole('link', { name: 'Continue with Garden' }).click();
    await page.getByRole('link', { name: 'Your account' }).click();
    await page.getByRole('link', { name: 'Manage linked sign-ins' }).click();
    await page.getByRole('link', { name: 'Unlink Garden' }).waitFor();
    await show('linked-one');
    await page.getByRole('link', { name: 'Unlink Garden' }).click();
    await page.getByRole('button', { name: 'Send a code' }).waitFor();
    await show('login-again');
    const digits = await codeFor(`${name}@example.org`, () => press(page, 'Send a code'));
    await page.getByLabel('8-digit code').waitFor();
    await show('login-again-code');
    await page.getByLabel('8-digit code').fill(digits);
    await press(page, 'Continue');
    await page.getByRole('link', { name: 'Unlink Garden' }).click();
    await page.getByRole('link', { name: 'Set a password' }).waitFor();
    await show('unlink-only-way');
    await page.getByRole('link', { name: 'Set a password' }).click();
    await proveAddress(page, 'E-mail address', `${name}@example.org`);
    await page.getByLabel('New password').fill(password);
    await press(page, 'Set the password');
    await page.getByRole('link', { name: 'look through them' }).waitFor();
    await show('password-changed-linked');
    await page.getByRole('link', { name: 'look through them' }).click();
    await page.getByRole('link', { name: 'Unlink Garden' }).click();
    await page.getByRole('button', { name: 'Unlink' }).waitFor();
    await show('unlink');
    await press(page, 'Unlink');
    await page.getByRole('link', { name: 'Link Garden' }).waitFor();
    await show('linked-none');
    // Still signed in there: it leads straight back.
    await page.getByRole('link', { name: 'Link Garden' }).click();
    await page.getByRole('button', { name: 'Link' }).waitFor();
    await show('link');
    await press(page, 'Link');
    await page.getByRole('link', { name: 'Unlink Garden' }).waitFor();
    // The other service's own pages are its own business.
    assert.deepEqual(seen.refused.filter((text) => text.startsWith(base)), []);
    await context.close();
  }
});

test('every page fits 320 pixels and twice the text, light and dark, in the fonts of the house', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { context, page, seen } = await visitor({ colorScheme, javaScriptEnabled: true });
    for (const path of ['/login', '/register', '/privacy', '/terms', '/nothing', '/oauth/authorize']) {
      await page.goto(base + path);
      await look(page, `${path.slice(1).replace('/', '-')}-${colorScheme}`);
      const loaded = await page.evaluate(() => [...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family));
      assert.ok(loaded.includes('Literata') && loaded.includes('Atkinson'), `${path}: ${loaded}`);
    }
    assert.deepEqual(seen.refused, []);
    await context.close();
  }
});

test('what axe-core is there to find is found', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { context, page } = await visitor({ colorScheme, javaScriptEnabled: true });
    await page.goto(`${base}/login`);
    await page.evaluate((dim) => {
      document.documentElement.removeAttribute('lang');
      document.querySelector('label').removeAttribute('for');
      document.querySelector('h1').style.color = dim;
      document.querySelector('footer').innerHTML = '<button style="all: unset; width: 9px; height: 9px">a</button>'.repeat(2);
    }, { light: '#ddd', dark: '#333' }[colorScheme]);
    await assert.rejects(judges[colorScheme].judges(page, 'spoilt'), (error) => {
      for (const rule of ['html-has-lang', 'label', 'color-contrast', 'target-size']) assert.match(error.message, new RegExp(`['\`]${rule}: `));
      return true;
    });
    await context.close();
  }
});

test('no page of the router was left out', () => {
  assert.ok(pages.length > 25, `KINFOLIO_PAGES names ${pages.length} pages: cargo test sets it`);
  assert.deepEqual(pages.filter((path) => !looked.has(path)), []);
});
