import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server that can be interrupted, for tests. */
export interface TcpProxy {
  readonly url: string;
  /** From now on nothing arrives any more, in either direction; connections stay open, and new ones are taken. */
  blackHole(): void;
  /** Breaks all connections, and refuses new ones. */
  cut(): void;
  /** New connections get through again. What was swallowed is lost, so that the old ones are broken. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: "open" | "black hole" | "cut" = "open";
  const breakAll = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  const server = createServer((inner) => {
    const outer = connect({ host: hostname, port: Number(port) });
    const pair = [inner, outer] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, pair.toReversed()] as const) {
      from?.on("data", (data) => {
        if (state === "open") to?.write(data);
      });
      from?.on("error", () => {});
      from?.on("close", () => {
        pairs.delete(pair);
        to?.destroy();
      });
    }
  });
  const own = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${own}`,
    blackHole() {
      state = "black hole";
    },
    cut() {
      state = "cut";
      breakAll();
      server.close();
    },
    async heal() {
      breakAll();
      if (state === "cut") await listen(server, own);
      state = "open";
    },
    async close() {
      breakAll();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  // A server on a port has such an address.
  return (server.address() as AddressInfo).port;
}
