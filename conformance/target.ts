import { randomBytes } from "node:crypto";
import type { Row } from "./case.ts";
import { Answer } from "./wire/answer.ts";
import { type Options, tellRequest } from "./wire/request.ts";
import type { Transport } from "./wire/transport.ts";
import { type Event, Watch } from "./wire/watch.ts";

/** The server under test as one case sees it: a namespace that is new, and the words to speak with. */
export interface Target {
  readonly namespace: string;
  /** Asks what a line says: `ask("PATCH leases/a", { merge: { spec: { holderIdentity: "b" } } })`. */
  ask(line: string, options?: Options): Promise<Answer>;
  /** Asks line after line, and holds every answer against what it should be. */
  answers(rows: readonly Row[]): Promise<void>;
  /** Creates an object that is needed and not what is tested. */
  make(resource: string, json: object): Promise<Answer>;
  /** One more namespace, taken away with the case's own. */
  makeNamespace(name: string): Promise<void>;
  /** Opens a watch, which is closed with its case. Where the server refuses to watch, `ask` shows how. */
  watch(path: string, options?: Options): Promise<Watch>;
  /** A watch with all that it tells until the server ends it. */
  watched(path: string, options?: Options): Promise<readonly Event[]>;
}

export interface OpenTarget extends Target {
  /** Leaves nothing behind, finalizers or not. */
  close(): Promise<void>;
}

export async function openTarget(transport: Transport): Promise<OpenTarget> {
  const namespace = `conformance-${randomBytes(5).toString("hex")}`;
  const watches: Watch[] = [];
  const namespaces: string[] = [];
  const target: OpenTarget = {
    namespace,
    async ask(line, options = {}) {
      const answer = await transport.ask(tellRequest(line, options, namespace));
      return new Answer(answer, { line, namespace });
    },
    async answers(rows) {
      for (const row of rows) {
        const [line, options, expected] = row.length === 2 ? ([row[0], {}, row[1]] as const) : row;
        (await target.ask(line, options)).is(expected);
      }
    },
    async make(resource, json) {
      return (await target.ask(`POST ${resource}`, { json })).is({ status: 201 });
    },
    async makeNamespace(name) {
      namespaces.push(name);
      await target.make("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    },
    async watch(path, options = {}) {
      const stream = await transport.stream(tellRequest(`GET ${path}`, options, namespace));
      const watch = new Watch(stream, namespace);
      watches.push(watch);
      if (watch.status !== 200) throw new Error(`GET ${path} answered ${watch.status} and is no watch`);
      return watch;
    },
    async watched(path, options = {}) {
      const watch = await target.watch(path, options);
      const events: Event[] = [];
      for (let event = await watch.next(); event !== undefined; event = await watch.next())
        events.push(event);
      return events;
    },
    async close() {
      for (const watch of watches) watch.close();
      for (const name of namespaces) await empty(target, name);
    },
  };
  await target.makeNamespace(namespace);
  return target;
}

async function empty(target: Target, namespace: string): Promise<void> {
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  await target.ask(`DELETE ${leases}`);
  const left = (await target.ask(`GET ${leases}`)).read("items");
  for (const lease of Array.isArray(left)
    ? (left as readonly { readonly metadata: { readonly name: string } }[])
    : []) {
    await target.ask(`PATCH ${leases}/${lease.metadata.name}`, { merge: { metadata: { finalizers: null } } });
  }
  await target.ask(`DELETE /api/v1/namespaces/${namespace}`);
}
