import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Clock } from "../clock.ts";

/** What `leasehold run` is doing, as far as others ask. */
export interface RunStatus {
  readonly namespace: string;
  readonly lease: string;
  readonly identity: string;
  /** Undefined while the command does not run, or is being stopped. */
  readonly leading: Leading | undefined;
}

export interface Leading {
  /** Of the wall clock, for people. */
  readonly sinceMs: number;
  /** How much longer the term is live if it is not renewed; asked when an answer is written, never before. */
  remainingMs(): number;
  readonly fencingToken: string;
}

/**
 * Serves the status over HTTP; resolves with what ends that. Each answer is true at the moment at which it is written. Throws what
 * `listen` throws.
 */
export async function serveStatus(
  { host, port }: { readonly host: string; readonly port: number },
  status: () => RunStatus,
  clock: Clock,
): Promise<() => Promise<void>> {
  const server = createServer({ keepAliveTimeout: 1000 }, (request, response) => {
    const answer = answerTo(request.url ?? "", status(), clock);
    const body = request.method === "HEAD" ? "" : `${JSON.stringify(answer.body)}\n`;
    response
      .writeHead(answer.code, { "content-type": "application/json", "cache-control": "no-store" })
      .end(body);
    request.resume();
  });
  server.listen(port, host);
  await once(server, "listening");
  return () => close(server);
}

function answerTo(
  path: string,
  status: RunStatus,
  clock: Clock,
): { readonly code: number; readonly body: unknown } {
  const body = bodyOf(status, clock);
  switch (path.replace(/\?.*$/, "")) {
    case "/":
      return { code: 200, body };
    case "/leader":
      return { code: body.leading ? 200 : 503, body };
    case "/healthz":
      return { code: 200, body: { ok: true } };
    default:
      return { code: 404, body: { error: "there are /, /leader and /healthz" } };
  }
}

function bodyOf({ namespace, lease, identity, leading }: RunStatus, clock: Clock) {
  const remainingMs = leading?.remainingMs() ?? 0;
  const who = { namespace, lease, identity };
  if (leading === undefined || remainingMs <= 0) return { ...who, leading: false };
  return {
    ...who,
    leading: true,
    since: new Date(leading.sinceMs).toISOString(),
    until: new Date(clock.nowMs() + remainingMs).toISOString(),
    remainingSeconds: Number((remainingMs / 1000).toFixed(3)),
    fencingToken: leading.fencingToken,
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
