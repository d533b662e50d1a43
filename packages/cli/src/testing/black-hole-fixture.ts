import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { testDirectory } from "./cli-process-fixture.ts";

/** A way to the server of a kubeconfig that can be cut: then everything that is sent vanishes, on old sockets and on new ones. */
export interface BlackHole {
  /** A copy that leads through it. */
  readonly kubeconfig: string;
  cut(): void;
  close(): void;
}

export async function startBlackHole(kubeconfig: string): Promise<BlackHole> {
  const text = readFileSync(kubeconfig, "utf8");
  const server = /server: "?(https:\/\/[^\s"]+)/.exec(text)?.[1] ?? "";
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  let isCut = false;
  const listener = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => (near.destroy(), far.destroy(), sockets.delete(socket)));
    }
    near.on("data", (piece: Buffer) => isCut || far.write(piece));
    far.on("data", (piece: Buffer) => isCut || near.write(piece));
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const url = `https://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const copy = join(testDirectory(), "kubeconfig");
  writeFileSync(copy, text.replace(server, url));
  return {
    kubeconfig: copy,
    cut: () => (isCut = true),
    close() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
