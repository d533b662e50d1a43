// spread.mjs HOST:PORT...: hands the connections to a port of its own to the addresses in turn, and to the next one where nobody answers,
// as a load balancer before several replicas does. Prints the port.

import { connect, createServer } from "node:net";

const addresses = process.argv.slice(2).map((address) => {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
});
let turn = 0;

const server = createServer({ allowHalfOpen: true }, (client) => {
  client.on("error", () => client.destroy());
  forward(client, addresses.length);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.on("SIGTERM", () => process.exit(0));

function forward(client, attemptsLeft) {
  if (attemptsLeft === 0) return client.destroy();
  const upstream = connect({ ...addresses[turn++ % addresses.length], allowHalfOpen: true, noDelay: true });
  const next = () => forward(client, attemptsLeft - 1);
  upstream.once("error", next);
  upstream.once("connect", () => {
    upstream.off("error", next);
    upstream.on("error", () => client.destroy());
    client.setNoDelay(true);
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ])
      one.once("close", () => other.destroy());
  });
}
