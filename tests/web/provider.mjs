// A provider of sign-ins that nobody here wrote: npm oidc-provider, with its own pages for signing in and agreeing.
// Whoever signs in as NAME is NAME@example.org. As a program it prints where it listens.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Provider } from 'oidc-provider';

// Listens, and knows nobody before `admit(id, secret, redirect URIs)`.
export async function listen() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const admit = (client_id, client_secret, redirect_uris) => {
    const provider = new Provider(issuer, {
      clients: [{ client_id, client_secret, redirect_uris, response_types: ['code'], grant_types: ['authorization_code'] }],
      pkce: { required: () => true },
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      // As Google and Microsoft do: the address stands in the id_token.
      conformIdTokenClaims: false,
      findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, email: `${id}@example.org`, email_verified: true }) }),
    });
    server.on('request', provider.callback());
  };
  return { issuer, admit, close: () => { server.closeAllConnections(); server.close(); } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { issuer, admit } = await listen();
  admit(process.env.CLIENT_ID, process.env.CLIENT_SECRET, process.env.REDIRECT_URIS.split(' '));
  process.stdout.write(`listening on ${issuer}\n`);
}
