import { Agent, request } from "node:https";

/** Who the load is, and whom it trusts. */
export interface Credentials {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface Target {
  readonly url: string;
  readonly credentials: Credentials;
}

/** One request over a connection that stays open; resolves with the answer's body, parsed. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<LeaseBody>;

export interface LeaseBody {
  readonly metadata: { readonly name?: string | undefined; readonly resourceVersion?: string | undefined };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** A client with one connection. */
export function connect({ url, credentials }: Target): { readonly ask: Ask; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...credentials });
  return {
    ask: (method, path, body) => send(agent, { url, method, path, body }),
    close: () => agent.destroy(),
  };
}

export interface LoadResult {
  readonly renewals: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Renews one lease a connection, over and over, each connection with one request in flight. */
export async function renewFor(
  target: Target,
  load: { readonly connections: number; readonly seconds: number },
): Promise<LoadResult> {
  const latencies: number[] = [];
  const startedMs = performance.now();
  const untilMs = startedMs + load.seconds * 1000;
  const holders = Array.from({ length: load.connections }, (_, index) =>
    renewLease(target, { index, untilMs, latencies }),
  );
  await Promise.all(holders);
  latencies.sort((one, other) => one - other);
  const at = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? 0;
  return {
    renewals: latencies.length,
    seconds: (performance.now() - startedMs) / 1000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

interface Renewing {
  readonly index: number;
  readonly untilMs: number;
  readonly latencies: number[];
}

async function renewLease(target: Target, { index, untilMs, latencies }: Renewing): Promise<void> {
  const { ask, close } = connect(target);
  const name = `bench-${Math.round(untilMs)}-${index}`;
  const path = `${leases}/${name}`;
  let version = (await ask("PUT", path, leaseOf({ name }))).metadata.resourceVersion;
  while (performance.now() < untilMs) {
    const sentMs = performance.now();
    const answer = await ask("PUT", path, leaseOf({ name, resourceVersion: version }));
    latencies.push(performance.now() - sentMs);
    version = answer.metadata.resourceVersion;
  }
  close();
}

/** Where the load's leases live. */
export const leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

/** A lease as a kubelet writes it. */
export function leaseOf(metadata: LeaseBody["metadata"]): unknown {
  const now = new Date().toISOString().replace("Z", "000Z");
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      ...metadata,
      namespace: "default",
      ownerReferences: [
        { apiVersion: "v1", kind: "Node", name: "node-1", uid: "11111111-1111-4111-8111-111111111111" },
      ],
    },
    spec: { holderIdentity: metadata.name, leaseDurationSeconds: 40, renewTime: now },
  };
}

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

function send(agent: Agent, { url, method, path, body }: Sent): Promise<LeaseBody> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers =
    payload === undefined
      ? {}
      : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(payload) };
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { method, agent, headers }, (incoming) => {
      const pieces: Buffer[] = [];
      incoming.on("data", (piece: Buffer) => pieces.push(piece));
      incoming.on("end", () => {
        const text = Buffer.concat(pieces).toString();
        const status = incoming.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve(JSON.parse(text) as LeaseBody);
        else reject(new Error(`${method} ${path}: ${status} ${text}`));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}
