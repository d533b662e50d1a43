import { connect as connectSocket, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { issue, type KeyPairPem } from "../certificates/issue.ts";
import { systemClock, type Clock } from "../clock.ts";
import { systemRandom } from "../random.ts";
import type { Handler } from "./exchange.ts";
import { listen, type Listener, type ListenerTls } from "./listener.ts";

/** A listener on a free port of loopback, closed with its test; and what it could not explain. */
export interface Listening extends Listener {
  readonly unexpected: readonly unknown[];
}

/** For tests: starts a listener. `clock` may be one that stands still. */
export async function startListener(
  context: TestContext,
  handler: Handler,
  { tls, clock = systemClock }: { readonly tls?: ListenerTls; readonly clock?: Clock } = {},
): Promise<Listening> {
  const unexpected: unknown[] = [];
  const listener = await listen({
    host: "127.0.0.1",
    port: 0,
    handler,
    clock,
    random: systemRandom,
    onUnexpected: (error) => unexpected.push(error),
    ...(tls !== undefined && { tls }),
  });
  context.after(() => listener.close());
  return { ...listener, unexpected };
}

export interface Certificates {
  readonly authority: KeyPairPem;
  readonly tls: ListenerTls;
}

export async function makeCertificates(): Promise<Certificates> {
  const ground = { clock: systemClock, random: systemRandom };
  const authority = await issue({ for: "authority" }, ground);
  const names = [{ kind: "ip", text: "127.0.0.1" }] as const;
  const server = await issue({ for: "server", names }, { ...ground, issuer: authority });
  const tls = { cert: server.certificatePem, key: server.privateKeyPem, clientCa: authority.certificatePem };
  return { authority, tls };
}

/** A client certificate of `admins`. */
export function makeClient(issuer: KeyPairPem): Promise<KeyPairPem> {
  const request = { for: "client", commonName: "ann", organization: "admins" } as const;
  return issue(request, { clock: systemClock, random: systemRandom, issuer });
}

/** Sends bytes over a plain connection and gathers what comes back until `isEnough`, or until the server hangs up. */
export function exchangeBytes(
  port: number,
  bytes: string | Uint8Array,
  isEnough: (received: string) => boolean = () => false,
): Promise<{ readonly received: string; readonly hungUp: boolean }> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connectSocket(port, "127.0.0.1", () => socket.write(bytes));
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      received += text;
      if (!isEnough(received)) return;
      socket.destroy();
      resolve({ received, hungUp: false });
    });
    socket.once("end", () => {
      socket.destroy();
      resolve({ received, hungUp: true });
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET" || error.code === "EPIPE") resolve({ received, hungUp: true });
      else reject(error);
    });
  });
}
