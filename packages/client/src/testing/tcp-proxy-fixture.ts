import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A wire between a client and a server that a test can cut in every way. */
export interface TcpProxy {
  /** The address of the far end, by way of this one. */
  readonly url: string;
  /** Sockets that clients hold open at this moment. */
  readonly open: number;
  /** Sockets that clients have opened so far. */
  readonly opened: number;
  /** From now on, what is open carries nothing, in neither direction, and stays open. New sockets work. */
  blackHole(): void;
  /** From now on, what is open carries requests only. New sockets work. */
  loseAnswers(): void;
  /** Ends what is open as a crashed host would (a reset). */
  reset(): void;
  /** Resolves when no client holds a socket open. */
  idle(): Promise<void>;
  /** Resolves with the next piece of an answer that is lost. */
  readonly lost: Promise<void>;
  close(): Promise<void>;
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port, protocol } = new URL(target);
  const wires = new Set<Wire>();
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
  let idle = (): void => {};
  let opened = 0;
  const server = createServer((near) => {
    opened += 1;
    const wire = { near, far: connect(Number(port), hostname), losesAnswers: false, isDead: false };
    wires.add(wire);
    carry(wire, lose);
    near.on("close", () => {
      wires.delete(wire);
      if (wires.size === 0) idle();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `${protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return wires.size;
    },
    get opened() {
      return opened;
    },
    lost,
    blackHole: () => wires.forEach((wire) => (wire.isDead = true)),
    loseAnswers: () => wires.forEach((wire) => (wire.losesAnswers = true)),
    reset: () => wires.forEach(({ near }) => near.resetAndDestroy()),
    idle: () =>
      new Promise((resolve) => {
        idle = resolve;
        if (wires.size === 0) resolve();
      }),
    async close() {
      for (const { near, far } of wires) {
        near.destroy();
        far.destroy();
      }
      server.close();
      await once(server, "close");
    },
  };
}

interface Wire {
  readonly near: Socket;
  readonly far: Socket;
  losesAnswers: boolean;
  isDead: boolean;
}

function carry(wire: Wire, lose: () => void): void {
  const { near, far } = wire;
  near.on("data", (piece) => {
    if (!wire.isDead) far.write(piece);
  });
  far.on("data", (piece) => {
    if (wire.losesAnswers) return lose();
    if (!wire.isDead) near.write(piece);
  });
  near.on("error", () => {});
  far.on("error", () => near.destroy());
  near.on("close", () => far.destroy());
  far.on("close", () => {
    if (!wire.isDead) near.destroy();
  });
}
