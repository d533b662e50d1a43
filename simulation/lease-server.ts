import type { Lease } from "@leasehold/api";
import type { ObjectNews } from "@leasehold/client";
import type { SeededRandom } from "./random.ts";

/** What the server answers; refusals that no repetition helps against do not occur here. */
export type Answer =
  | { readonly kind: "found"; readonly object: Lease }
  | { readonly kind: "absent" }
  | { readonly kind: "written"; readonly object: Lease }
  | { readonly kind: "conflict" };

export interface Subscription {
  readonly name: string;
  readonly tell: (news: ObjectNews<Lease>) => void;
  readonly close: () => void;
}

/** One API server with its store: conditional writes, versions that only grow, ordered watches. A crash loses connections, no data. */
export class LeaseServer {
  readonly #random: SeededRandom;
  readonly #leases = new Map<string, Lease>();
  readonly #changes: Change[] = [];
  readonly #subscriptions = new Set<Subscription>();
  #version = 100;
  isUp = true;
  /** While it is set, requests are refused with 429 and this Retry-After. */
  retryAfterMs: number | undefined;
  /** Told of each commit, before anybody else is. */
  onCommit: (before: Lease | undefined, after: Lease | undefined) => void = () => {};

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  read(name: string): Answer {
    const object = this.#leases.get(name);
    return object === undefined ? { kind: "absent" } : { kind: "found", object };
  }

  write(lease: Lease): Answer {
    const name = lease.metadata.name ?? "";
    const before = this.#leases.get(name);
    if ((lease.metadata.resourceVersion ?? "") !== (before?.metadata.resourceVersion ?? ""))
      return { kind: "conflict" };
    const after: Lease = { ...lease, metadata: { ...lease.metadata, resourceVersion: this.#nextVersion() } };
    this.#leases.set(name, after);
    this.#commit(name, { before, after });
    return { kind: "written", object: after };
  }

  /** Somebody who is no candidate changes a label. */
  touch(name: string): void {
    const lease = this.#leases.get(name);
    if (lease === undefined) return;
    this.write({ ...lease, metadata: { ...lease.metadata, labels: { touched: String(this.#version) } } });
  }

  /** Tells what has happened since, and goes on until closed. An empty `since` begins with what is there. */
  watch(since: string, subscription: Subscription): void {
    const { name } = subscription;
    const present = this.#leases.get(name);
    if (since === "" && present !== undefined) subscription.tell({ kind: "seen", object: present });
    if (since !== "")
      for (const change of this.#changes)
        if (change.name === name && change.version > Number(since)) subscription.tell(change.news);
    this.#subscriptions.add(subscription);
  }

  unwatch(subscription: Subscription): void {
    this.#subscriptions.delete(subscription);
  }

  crash(): void {
    this.isUp = false;
    const open = [...this.#subscriptions];
    this.#subscriptions.clear();
    for (const subscription of open) subscription.close();
  }

  #commit(
    name: string,
    { before, after }: { readonly before: Lease | undefined; readonly after: Lease },
  ): void {
    this.onCommit(before, after);
    const change: Change = { name, version: this.#version, news: { kind: "seen", object: after } };
    this.#changes.push(change);
    for (const subscription of this.#subscriptions)
      if (subscription.name === name) subscription.tell(change.news);
  }

  /** Other objects are written too, so that versions have gaps. */
  #nextVersion(): string {
    this.#version += 1 + this.#random.below(5);
    return String(this.#version);
  }
}

interface Change {
  readonly name: string;
  readonly version: number;
  readonly news: ObjectNews<Lease>;
}
