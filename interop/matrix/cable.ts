import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** One candidate's own line to the server, which can be cut. */
export interface Cable {
  readonly port: number;
  /** Breaks what is open; new connections are taken at once. */
  flicker(): void;
  /** Breaks what is open and refuses new connections. */
  unplug(): void;
  /** Lets nothing through any more, either way, and says so to nobody. New connections are taken and are as silent. */
  hush(): void;
  /** Lets new connections through; what was silent breaks, and nothing that was held back is delivered. */
  mend(): void;
  close(): void;
}

export async function layCable(to: { readonly host: string; readonly port: number }): Promise<Cable> {
  let state: "whole" | "unplugged" | "silent" = "whole";
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    // Breaking is what is done here.
    socket.on("error", () => {});
    return socket.once("close", () => sockets.delete(socket));
  };
  const breakAll = (): void => {
    // One that is on its way to a proper end cannot be reset any more.
    for (const socket of sockets) void (socket.writableEnded ? socket.destroy() : socket.resetAndDestroy());
  };
  const server = createServer((near) => {
    keep(near);
    if (state === "unplugged") near.resetAndDestroy();
    if (state !== "whole") return;
    const far = keep(connect(to));
    near.pipe(far).pipe(near);
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    flicker: breakAll,
    unplug() {
      state = "unplugged";
      breakAll();
    },
    hush() {
      state = "silent";
      for (const socket of sockets) socket.unpipe().pause();
    },
    mend() {
      state = "whole";
      breakAll();
    },
    close() {
      server.close();
      breakAll();
    },
  };
}
