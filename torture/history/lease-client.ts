import { setTimeout as pause } from "node:timers/promises";
import { type Access, type Body, connect, type Connection, type Told } from "../deployments/connection.ts";
import type { Draw } from "../draw.ts";
import type { History } from "./history.ts";
import type { Freshness, Value, Version, WriteOutcome } from "./operation.ts";

/** Where the leases of one round lie, and who records. */
export interface Place {
  readonly history: History;
  /** The servers; undefined for one that does not run at the moment. */
  readonly accesses: () => readonly (Access | undefined)[];
  /** The path of the collection. */
  readonly leases: string;
}

/** One client, with one connection at a time, that records what it does and is told. */
export class LeaseClient {
  readonly #place: Place;
  readonly #name: string;
  readonly #draw: Draw;
  #connection: Connection | undefined;
  #written = 0;

  constructor(place: Place, name: string, draw: Draw) {
    this.#place = place;
    this.#name = name;
    this.#draw = draw;
  }

  /** Undefined when the answer tells nothing. */
  async read(key: string): Promise<Version | "absent" | undefined> {
    const { history } = this.#place;
    const calledAt = history.tick();
    const told = await this.#ask("GET", `/${key}`);
    const returnedAt = history.tick();
    if (told.kind !== "answer" || (told.status !== 200 && told.status !== 404))
      return this.#disappointed(told);
    const found = told.status === 200 ? versionOf(told.body) : undefined;
    history.add({ kind: "read", client: this.#name, key, calledAt, returnedAt, found });
    return found ?? "absent";
  }

  /** Creates, replaces or deletes, if the key is as expected. Answers with what stands there now, if that is known. */
  async write(
    key: string,
    before: Version | "absent",
    isDelete: boolean,
  ): Promise<Version | "absent" | undefined> {
    const { history } = this.#place;
    const expect = before === "absent" ? undefined : before;
    const value = isDelete ? undefined : this.#newValue();
    const calledAt = history.tick();
    const told = await this.#send(key, { expect, value });
    const returnedAt = history.tick();
    const outcome = outcomeOf(told);
    if (outcome === undefined) return this.#disappointed(told);
    const client = this.#name;
    const orAbsent = expect !== undefined && value !== undefined;
    const condition = { expect: expect?.value, orAbsent };
    history.add({ kind: "write", client, key, calledAt, returnedAt, ...condition, value, outcome });
    if (outcome.kind === "unknown") return this.#disappointed(told);
    if (outcome.kind === "refused") return undefined;
    return outcome.revision === undefined || value === undefined
      ? "absent"
      : { value, revision: outcome.revision };
  }

  /** A list of all keys: the newest, or of a state of its choice, in one piece or in pages. */
  async list(freshness: Freshness, pageSize: number | undefined): Promise<void> {
    const { history } = this.#place;
    const calledAt = history.tick();
    const items = new Map<string, Version>();
    let revision = 0;
    let next: string | undefined;
    do {
      const told = await this.#ask("GET", `?${listQuery({ freshness, pageSize, next })}`);
      if (told.kind === "answer" && (told.status === 410 || told.status === 504)) return;
      if (told.kind !== "answer" || told.status !== 200) return this.#disappointed(told);
      for (const item of told.body.items ?? []) items.set(item.metadata?.name ?? "", versionOf(item));
      revision = Number(told.body.metadata?.resourceVersion);
      next = told.body.metadata?.continue;
    } while (next !== undefined && next !== "");
    const returnedAt = history.tick();
    history.add({ kind: "list", client: this.#name, freshness, calledAt, returnedAt, revision, items });
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  #newValue(): Value {
    this.#written += 1;
    return `${this.#name}-${this.#written}`;
  }

  #send(
    key: string,
    { expect, value }: { expect: Version | undefined; value: Value | undefined },
  ): Promise<Told> {
    if (value === undefined)
      return this.#ask("DELETE", `/${key}`, {
        apiVersion: "v1",
        kind: "DeleteOptions",
        preconditions: { resourceVersion: String(expect?.revision) },
      });
    const resourceVersion = expect === undefined ? {} : { resourceVersion: String(expect.revision) };
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: key, ...resourceVersion },
      spec: { holderIdentity: value },
    };
    return expect === undefined ? this.#ask("POST", "", lease) : this.#ask("PUT", `/${key}`, lease);
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Told> {
    const { accesses, leases } = this.#place;
    if (this.#connection === undefined) {
      const running = accesses().filter((access) => access !== undefined);
      if (running.length === 0) return { kind: "not-sent", because: "no server runs" };
      this.#connection = connect(this.#draw.oneOf(running));
    }
    return this.#connection.ask(method, leases + path, body);
  }

  /** Leaves a server that is gone, and gives one that is failing a moment. */
  async #disappointed(told: Told): Promise<undefined> {
    if (told.kind === "answer" && told.status < 500 && told.status !== 429)
      throw new UnexpectedAnswerError(
        `${this.#name} was answered ${told.status}: ${JSON.stringify(told.body)}`,
      );
    if (told.kind !== "answer") this.close();
    await pause(this.#draw.between(5, 50));
    return undefined;
  }
}

/** An answer that no client of this torture can be given: the torture or the server is wrong. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
}

/** Undefined when certainly nothing happened, for reasons that have nothing to do with the key. */
function outcomeOf(told: Told): WriteOutcome | undefined {
  if (told.kind === "not-sent") return undefined;
  if (told.kind === "lost") return { kind: "unknown", because: told.because };
  const { status, body } = told;
  if (status === 200 || status === 201) {
    const version = body.metadata?.resourceVersion;
    const isLease = body.spec !== undefined;
    return { kind: "done", revision: isLease && version !== undefined ? Number(version) : undefined };
  }
  if (status === 409 || status === 404) return { kind: "refused" };
  if (status >= 500) return { kind: "unknown", because: `${status} ${body.message ?? ""}` };
  return undefined;
}

function versionOf({ metadata, spec }: Body): Version {
  return { value: spec?.holderIdentity ?? "", revision: Number(metadata?.resourceVersion) };
}

interface ListRequest {
  readonly freshness: Freshness;
  readonly pageSize: number | undefined;
  readonly next: string | undefined;
}

function listQuery({ freshness, pageSize, next }: ListRequest): string {
  const query = new URLSearchParams();
  if (pageSize !== undefined) query.set("limit", String(pageSize));
  if (next !== undefined) {
    query.set("continue", next);
  } else if (freshness.kind !== "newest") {
    query.set("resourceVersion", String(freshness.revision));
    query.set("resourceVersionMatch", freshness.kind === "exactly" ? "Exact" : "NotOlderThan");
  }
  return query.toString();
}
