// A provider of sign-ins that nobody here wrote: npm oidc-provider, with its own pages for signing in and agreeing.
// Whoever signs in as NAME is NAME@example.org, which it calls verified unless told otherwise. As a program it prints where
// it listens.
import { fileURLToPath } from 'node:url';
import { issuer } from './issuer.mjs';

// Listens, and knows nobody before `admit(id, secret, redirect URIs)`.
export async function listen() {
  const garden = await issuer();
  const admit = (client_id, client_secret, redirect_uris, email_verified = true) => garden.serve({
    clients: [{ client_id, client_secret, redirect_uris, response_types: ['code'], grant_types: ['authorization_code'] }],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    // As Google and Microsoft do: the address stands in the id_token.
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, email: `${id}@example.org`, email_verified }) }),
  });
  return { issuer: garden.url, admit, close: garden.close };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { issuer: url, admit } = await listen();
  admit(process.env.CLIENT_ID, process.env.CLIENT_SECRET, process.env.REDIRECT_URIS.split(' '), process.env.EMAIL_VERIFIED !== 'no');
  process.stdout.write(`listening on ${url}\n`);
}
