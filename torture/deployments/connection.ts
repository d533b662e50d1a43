import { Agent, request } from "node:https";

/** What it takes to reach one server as its administrator. */
export interface Access {
  readonly url: string;
  readonly credentials: Credentials;
}

export interface Credentials {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** One client's connection; what it is told says whether a request may have had an effect. */
export interface Connection {
  ask(method: string, path: string, body?: unknown): Promise<Told>;
  /** An answer that goes on and on, line by line; ends when the connection does, or when `signal` aborts. */
  stream(path: string, signal: AbortSignal): AsyncIterable<unknown>;
  close(): void;
}

export type Told =
  | { readonly kind: "answer"; readonly status: number; readonly body: Body }
  /** Nobody was there to take the request: it had no effect. */
  | { readonly kind: "not-sent"; readonly because: string }
  /** The connection broke, or no answer came in time. */
  | { readonly kind: "lost"; readonly because: string };

/** As much of an object, a list, an event or a Status as is looked at here. */
export interface Body {
  readonly metadata?: {
    readonly name?: string;
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly holderIdentity?: string };
  readonly items?: readonly Body[];
  readonly message?: string;
  readonly code?: number;
  readonly type?: string;
  readonly object?: Body;
  /** Set when the answer is not JSON. */
  readonly text?: string;
}

export function connect({ url, credentials }: Access): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 2, ...credentials });
  return {
    ask: (method, path, body) => ask({ url: url + path, method, agent }, body),
    stream: (path, signal) => stream({ url: url + path, method: "GET", agent }, signal),
    close: () => agent.destroy(),
  };
}

interface Request {
  readonly url: string;
  readonly method: string;
  readonly agent: Agent;
}

/** Longer than any answer takes on a busy machine, so that only a server that stands still is given up. */
const answerWithinMs = 10_000;

function ask({ url, method, agent }: Request, body: unknown): Promise<Told> {
  const payload = body === undefined ? "" : JSON.stringify(body);
  const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(payload) };
  return new Promise((resolve) => {
    const lose = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timeout);
      const because = error.message;
      resolve(error.code === "ECONNREFUSED" ? { kind: "not-sent", because } : { kind: "lost", because });
    };
    const outgoing = request(url, { method, agent, headers }, (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on("data", (piece: Buffer) => pieces.push(piece));
      incoming.on("error", lose);
      incoming.on("end", () => {
        clearTimeout(timeout);
        const text = Buffer.concat(pieces).toString();
        resolve({ kind: "answer", status: incoming.statusCode ?? 0, body: parsed(text) });
      });
    });
    const timeout = setTimeout(
      () => outgoing.destroy(new Error(`no answer within ${answerWithinMs} ms`)),
      answerWithinMs,
    );
    outgoing.on("error", lose);
    outgoing.end(payload);
  });
}

/** Whole lines only: a line that the end of the connection has torn was told to nobody. */
async function* stream({ url, method, agent }: Request, signal: AbortSignal): AsyncGenerator {
  const outgoing = request(url, { method, agent, signal });
  try {
    const incoming = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
      outgoing.on("response", resolve);
      outgoing.on("error", reject);
      outgoing.end();
    });
    let rest = "";
    for await (const piece of incoming) {
      const lines = (rest + piece.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield parsed(line);
    }
  } catch {
    // However it ended, what was told before holds.
  } finally {
    outgoing.destroy();
  }
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return { text };
  }
}
