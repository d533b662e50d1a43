import {
  leaseCandidateKind,
  leaseKind,
  StatusError,
  type ApiObject,
  type Kind,
  type LeaseCandidate,
} from "@leasehold/api";
import type { Timer } from "../clock.ts";
import { limits } from "../limits.ts";
import type { Log } from "../log.ts";
import { follow, type Followed } from "../registry/follow.ts";
import { objectOf } from "../registry/stored-object.ts";
import type { ObjectTarget, Registry } from "../registry/target.ts";
import type { Entry } from "../store/store.ts";
import { Election, type ElectionParts } from "./election.ts";
import { Turnstile } from "./turnstile.ts";

export interface CoordinatedElectionOptions {
  readonly registry: Registry;
  /** Deletes a candidate if it is still in the version that was judged. */
  readonly deleteObject: (target: ObjectTarget, resourceVersion: string) => Promise<unknown>;
  readonly log: Log;
}

export interface CoordinatedElection {
  /** Takes no further step. Idempotent. */
  close(): Promise<void>;
}

/**
 * Elects holders of leases among the LeaseCandidates that stand for them (KEP-4355). A lease without candidates is nobody's business
 * here, and costs nothing: the candidates are followed, and a lease only while it has some.
 */
export function startCoordinatedElection(options: CoordinatedElectionOptions): CoordinatedElection {
  const closing = new AbortController();
  const elections = new Elections(options);
  const following = elections.follow(closing.signal);
  elections.collectLater();
  return {
    async close() {
      closing.abort();
      await following;
      await elections.close();
    },
  };
}

const anyLeaseKind: Kind = leaseKind;
const anyCandidateKind: Kind = leaseCandidateKind;

class Elections {
  readonly #options: CoordinatedElectionOptions;
  readonly #parts: ElectionParts;
  /** By namespace and name of the lease. */
  readonly #elections = new Map<string, Election>();
  /** For which election each candidate stands, by its key. */
  readonly #standing = new Map<string, Standing>();
  #collecting: Timer | undefined;
  #isClosed = false;

  constructor(options: CoordinatedElectionOptions) {
    this.#options = options;
    const { registry, log } = options;
    const turnstile = new Turnstile(limits.electionStepsMax);
    this.#parts = { registry, log, turnstile, candidateKind: anyCandidateKind };
  }

  async follow(signal: AbortSignal): Promise<void> {
    try {
      for await (const item of follow(this.#options.registry, anyCandidateKind, signal)) this.#take(item);
    } catch (error) {
      this.#options.log.error("candidates are no longer followed", { err: error });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#collecting?.cancel();
    await Promise.all([...this.#elections.values()].map((election) => election.close()));
  }

  collectLater(): void {
    if (this.#isClosed) return;
    this.#collecting = this.#options.registry.clock.schedule(limits.candidateCollectEveryMs, () => {
      void this.#collect().finally(() => this.collectLater());
    });
  }

  #take(item: Followed): void {
    if (item.kind === "state") {
      const present = new Set(item.entries.map(({ key }) => key));
      for (const key of this.#standing.keys()) if (!present.has(key)) this.#remove(key);
      for (const entry of item.entries) this.#put(entry, { isNew: false });
      return;
    }
    for (const { key, before, after } of item.changes) {
      if (after === undefined) this.#remove(key);
      else this.#put(after, { isNew: before === undefined });
    }
  }

  #put(entry: Entry, { isNew }: { readonly isNew: boolean }): void {
    const object = objectOf(anyCandidateKind, entry);
    const { namespace = "", name = "" } = object.metadata;
    const { leaseName } = (object as ApiObject & LeaseCandidate).spec;
    const place = `${namespace}/${leaseName}`;
    const before = this.#standing.get(entry.key);
    if (before !== undefined && before.place !== place) this.#remove(entry.key);
    this.#standing.set(entry.key, { place, name });
    this.#electionAt(place, { kind: anyLeaseKind, namespace, name: leaseName }).see(object, { isNew });
  }

  #remove(key: string): void {
    const standing = this.#standing.get(key);
    if (standing === undefined) return;
    this.#standing.delete(key);
    const election = this.#elections.get(standing.place);
    election?.forget(standing.name);
    if (election?.isEmpty !== true) return;
    this.#elections.delete(standing.place);
    void election.close();
  }

  #electionAt(place: string, lease: ObjectTarget): Election {
    const known = this.#elections.get(place);
    if (known !== undefined) return known;
    const election = new Election(this.#parts, lease);
    this.#elections.set(place, election);
    return election;
  }

  /** Removes candidates of which nothing was heard for too long. */
  async #collect(): Promise<void> {
    for (const election of this.#elections.values()) {
      for (const { metadata } of election.expired()) {
        const { namespace = "", name = "", resourceVersion = "" } = metadata;
        if (this.#isClosed) return;
        await this.#delete({ kind: anyCandidateKind, namespace, name }, resourceVersion);
      }
    }
  }

  /** One that is gone, or was heard of meanwhile, is none of our business. */
  async #delete(target: ObjectTarget, resourceVersion: string): Promise<void> {
    try {
      await this.#options.deleteObject(target, resourceVersion);
    } catch (error) {
      if (error instanceof StatusError) return;
      this.#options.log.warn("a candidate could not be removed", { candidate: target.name, err: error });
    }
  }
}

interface Standing {
  readonly place: string;
  readonly name: string;
}
