// An authorization server that nobody here wrote (npm oidc-provider), for the core's half of sign-in. Its one person says
// yes to everything, unless the browser says otherwise. Prints where it listens.
import { issuer } from './issuer.mjs';

const person = (provider) => async (asked, answer) => {
  const { prompt, params } = await provider.interactionDetails(asked, answer);
  const accountId = 'maya';
  if (asked.headers['x-person-says'] === 'no') {
    await provider.interactionFinished(asked, answer, { error: 'access_denied' });
  } else if (prompt.name === 'login') {
    await provider.interactionFinished(asked, answer, { login: { accountId } });
  } else {
    const grant = new provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    await provider.interactionFinished(asked, answer, { consent: { grantId: await grant.save() } });
  }
};

const { url, serve } = await issuer();
serve({
  clients: [{
    client_id: 'app.kinfolio.desktop', application_type: 'native', token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/callback'], response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'],
  }],
  scopes: ['sync'],
  features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
  findAccount: (_, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
  interactions: { url: (_, { uid }) => `/person/${uid}` },
  issueRefreshToken: () => true,
  // Strict, as it comes: a refresh token that is sent twice ends the sign-in. Or none is ever made anew.
  ...(process.env.ROTATION === 'off' ? { rotateRefreshToken: false } : {}),
}, person);
process.stdout.write(`listening on ${url}\n`);
