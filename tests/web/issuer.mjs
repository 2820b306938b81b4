// npm oidc-provider on a port of its own. A client must know its address before it can be told of its clients.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

export async function issuer() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = `http://127.0.0.1:${server.address().port}`;
  // Answers by the protocol; `person(provider)`, if there is one, answers below /person/.
  const serve = (configuration, person) => {
    const provider = new Provider(url, configuration);
    const [protocol, meets] = [provider.callback(), person?.(provider)];
    server.on('request', (asked, answer) => (meets && asked.url.startsWith('/person/') ? meets : protocol)(asked, answer));
  };
  return { url, serve, close: () => { server.closeAllConnections(); server.close(); } };
}
