import { randomBytes } from "node:crypto";
import type { Row } from "./case.ts";
import { Answer, type Expected } from "./wire/answer.ts";
import { type Options, tellRequest } from "./wire/request.ts";
import type { Transport } from "./wire/transport.ts";
import { type Event, Watch } from "./wire/watch.ts";

/** The server under test as one case sees it: a namespace that is new, and the words to speak with. */
export class Target {
  readonly namespace: string;
  readonly #transport: Transport;
  readonly #watches: Watch[] = [];
  readonly #namespaces = new Set<string>();

  /** A target makes its namespace when it is opened, and takes it away when it is closed. */
  static async open(transport: Transport): Promise<Target> {
    const target = new Target(transport);
    await target.makeNamespace(target.namespace);
    return target;
  }

  private constructor(transport: Transport) {
    this.#transport = transport;
    this.namespace = `conformance-${randomBytes(5).toString("hex")}`;
  }

  async ask(line: string, options: Options = {}): Promise<Answer> {
    const request = tellRequest(line, options, this.namespace);
    return new Answer(await this.#transport.ask(request), { line, namespace: this.namespace });
  }

  /** Opens a watch; it is closed with its case. Where the server refuses to watch, `ask` shows how. */
  async watch(path: string, options: Options = {}): Promise<Watch> {
    const stream = await this.#transport.stream(tellRequest(`GET ${path}`, options, this.namespace));
    const watch = new Watch(stream, this.namespace);
    this.#watches.push(watch);
    if (watch.status !== 200) throw new Error(`GET ${path} answered ${watch.status} and is no watch`);
    return watch;
  }

  /** A watch with all that it tells until the server ends it. */
  async watched(path: string, options: Options = {}): Promise<readonly Event[]> {
    const watch = await this.watch(path, options);
    const events: Event[] = [];
    for (let event = await watch.next(); event !== undefined; event = await watch.next()) events.push(event);
    return events;
  }

  /** Asks line after line, and holds every answer against what it should be. */
  async answers(rows: readonly Row[]): Promise<void> {
    for (const row of rows) await this.#answer(row);
  }

  async #answer(row: Row): Promise<void> {
    const [line, options, expected]: readonly [string, Options, Expected] =
      row.length === 2 ? [row[0], {}, row[1]] : row;
    (await this.ask(line, options)).is(expected);
  }

  /** Creates an object that is needed and not what is tested. */
  async make(resource: string, json: object): Promise<Answer> {
    return (await this.ask(`POST ${resource}`, { json })).is({ status: 201 });
  }

  /** One more namespace, taken away with the case's own. */
  async makeNamespace(name: string): Promise<void> {
    const json = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    this.#namespaces.add(name);
    (await this.ask("POST /api/v1/namespaces", { json })).is({ status: 201 });
  }

  /** Leaves nothing behind, finalizers or not. */
  async close(): Promise<void> {
    for (const watch of this.#watches) watch.close();
    for (const namespace of this.#namespaces) await this.#empty(namespace);
  }

  async #empty(namespace: string): Promise<void> {
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
    await this.ask(`DELETE ${leases}`);
    const left = (await this.ask(`GET ${leases}`)).read("items");
    for (const lease of Array.isArray(left) ? (left as readonly { metadata: { name: string } }[]) : []) {
      await this.ask(`PATCH ${leases}/${lease.metadata.name}`, { merge: { metadata: { finalizers: null } } });
    }
    await this.ask(`DELETE /api/v1/namespaces/${namespace}`);
  }
}
