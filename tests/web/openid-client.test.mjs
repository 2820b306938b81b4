// A client that nobody here wrote (npm openid-client) signs in to the server, unchanged, by the RFCs alone.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import * as client from 'openid-client';
import { launch } from './chromium.mjs';
import { listeningProgram, person, press } from './person.mjs';
import { startServer } from './server.mjs';

const browser = await launch();
const server = await startServer();
const app = await listeningProgram();
const { visitor, signUp } = person(browser, server);
// One person in one browser: signed up at the first visit, asked for a "Continue" at each.
const { page } = await visitor();
await page.goto(`${server.base}/login`);
await signUp(page, 'maya@example.org');
await page.getByRole('heading', { name: 'You are signed in' }).waitFor();

after(async () => {
  await browser.close();
  app.close();
  await server.stop();
});

// RFC 8414 metadata, a public client. That loopback may be plain http is the one thing it must be told.
const discover = () => client.discovery(new URL(server.base), 'app.kinfolio.desktop', undefined, client.None(), {
  algorithm: 'oauth2', execute: [client.allowInsecureRequests],
});

// What a client keeps of one authorization request, and the address that the browser was led back to.
async function authorized(config, changes = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: app.redirect, scope: 'sync', state: expectedState, code_challenge_method: 'S256',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), ...changes,
  });
  app.callback = undefined;
  await page.goto(address.href);
  if (!app.callback) {
    await press(page, 'Continue');
    await page.waitForURL(`${app.redirect}**`);
  }
  return { callback: new URL(app.callback, app.redirect), checks: { pkceCodeVerifier, expectedState } };
}

const me = (config, tokens) => client.fetchProtectedResource(config, tokens.access_token, new URL(`${server.base}/api/v1/me`), 'GET');
const over = { name: 'ResponseBodyError', error: 'invalid_grant', status: 400 };

// The server says in RFC 6750's header, not only by a number, that a token is over.
async function isSignedOut(config, tokens) {
  await assert.rejects(me(config, tokens), ({ status, cause }) => {
    assert.equal(status, 401);
    assert.deepEqual(cause.map(({ scheme, parameters }) => [scheme, parameters.error]), [['bearer', 'invalid_token']]);
    return true;
  });
  await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), over);
}

test('it discovers the server, signs in with PKCE, refreshes and revokes', async () => {
  const config = await discover();
  const metadata = config.serverMetadata();
  assert.equal(metadata.issuer, server.base);
  assert.ok(metadata.supportsPKCE());
  const { callback, checks } = await authorized(config);
  const first = await client.authorizationCodeGrant(config, callback, checks);
  assert.deepEqual([first.token_type, first.expires_in, first.scope ?? 'sync'], ['bearer', 900, 'sync']);
  assert.equal((await (await me(config, first)).json()).email, 'maya@example.org');

  const second = await client.refreshTokenGrant(config, first.refresh_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal((await me(config, second)).status, 200);

  await client.tokenRevocation(config, second.refresh_token);
  await isSignedOut(config, second);
  await client.tokenRevocation(config, second.refresh_token);
});

test('revoking its access token signs it out too', async () => {
  const config = await discover();
  const { callback, checks } = await authorized(config);
  const tokens = await client.authorizationCodeGrant(config, callback, checks);
  await client.tokenRevocation(config, tokens.access_token, { token_type_hint: 'access_token' });
  await isSignedOut(config, tokens);
});

test('it believes no answer whose issuer is missing or another\'s, nor one with another state', async () => {
  const config = await discover();
  const { callback, checks } = await authorized(config);
  const changed = (name, value) => {
    const address = new URL(callback);
    if (value === null) address.searchParams.delete(name); else address.searchParams.set(name, value);
    return address;
  };
  for (const [name, value] of [['iss', null], ['iss', 'https://other.example'], ['iss', `${server.base}/`], ['state', 'of somebody else']]) {
    await assert.rejects(client.authorizationCodeGrant(config, changed(name, value), checks), { code: 'OAUTH_INVALID_RESPONSE' }, `${name}=${value}`);
  }
  // None of that reached the server: the code is whole.
  assert.ok((await client.authorizationCodeGrant(config, callback, checks)).access_token);
});

test('a refusal on the way is told to it by name, with state and issuer', async () => {
  const config = await discover();
  const { callback, checks } = await authorized(config, { scope: 'sync admin' });
  await assert.rejects(client.authorizationCodeGrant(config, callback, checks), { name: 'AuthorizationResponseError', error: 'invalid_scope' });
});

test('a code without its verifier buys nothing', async () => {
  const config = await discover();
  const { callback, checks } = await authorized(config);
  const wrong = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
  await assert.rejects(client.authorizationCodeGrant(config, callback, wrong), over);
  await assert.rejects(client.authorizationCodeGrant(config, callback, checks), over);
});

test('a code that is sent again ends the sign-in that it made', async () => {
  const config = await discover();
  const { callback, checks } = await authorized(config);
  const tokens = await client.authorizationCodeGrant(config, callback, checks);
  assert.equal((await me(config, tokens)).status, 200);
  await assert.rejects(client.authorizationCodeGrant(config, callback, checks), over);
  await isSignedOut(config, tokens);
});

test('a refresh token that is sent again after its successor was used ends the sign-in', async () => {
  const config = await discover();
  const { callback, checks } = await authorized(config);
  const first = await client.authorizationCodeGrant(config, callback, checks);
  const second = await client.refreshTokenGrant(config, first.refresh_token);
  await me(config, second);
  await assert.rejects(client.refreshTokenGrant(config, first.refresh_token), over);
  await isSignedOut(config, second);
});
