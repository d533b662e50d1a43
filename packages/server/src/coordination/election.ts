import { StatusError, type ApiObject, type Kind, type Lease } from "@leasehold/api";
import type { Clock, Timer } from "../clock.ts";
import { limits } from "../limits.ts";
import type { Log } from "../log.ts";
import { objectOf } from "../registry/stored-object.ts";
import { keyOf, prefixOf, type ObjectTarget, type Registry } from "../registry/target.ts";
import { writeAsServer } from "../registry/write-as-server.ts";
import type { Entry } from "../store/store.ts";
import { decideElection, type Decision } from "./decide-election.ts";
import { microTime, newElectedLease, withElected, withoutPreference } from "./elected-lease.ts";
import { CandidateSighting, LeaseSighting, versionOf } from "./sightings.ts";
import type { Turnstile } from "./turnstile.ts";

export interface ElectionParts {
  readonly registry: Registry;
  readonly candidateKind: Kind;
  /** Shared by all elections. */
  readonly turnstile: Turnstile;
  readonly log: Log;
}

/**
 * The election for one lease, as long as there are candidates for it. It looks at what there is whenever that changes, and takes at
 * most one step at a time; looks that come meanwhile become one.
 */
export class Election {
  readonly #parts: ElectionParts;
  readonly #lease: ObjectTarget;
  readonly #candidates = new Map<string, CandidateSighting>();
  readonly #sighting = new LeaseSighting();
  readonly #closing = new AbortController();
  #timer: Timer | undefined;
  #stepping: Promise<void> | undefined;
  #isDue = false;

  constructor(parts: ElectionParts, lease: ObjectTarget) {
    this.#parts = parts;
    this.#lease = lease;
    void this.#followLease();
  }

  get isEmpty(): boolean {
    return this.#candidates.size === 0;
  }

  /** `isNew`: the candidate was seen to come. */
  see(object: ApiObject, { isNew }: { readonly isNew: boolean }): void {
    const name = object.metadata.name ?? "";
    const nowMs = this.#clock.monotonicMs();
    const known = this.#candidates.get(name);
    if (known?.object.metadata.uid === object.metadata.uid && known !== undefined) {
      if (known.see(object, nowMs)) this.#look();
      return;
    }
    this.#candidates.set(name, new CandidateSighting(object, { nowMs, isNew }));
    this.#look();
  }

  forget(name: string): void {
    if (this.#candidates.delete(name)) this.#look();
  }

  /** Candidates of which nothing was heard for too long, in the version that was last seen. */
  expired(): readonly ApiObject[] {
    const nowMs = this.#clock.monotonicMs();
    const expired = [...this.#candidates.values()].filter((candidate) => candidate.seen(nowMs).isExpired);
    return expired.map(({ object }) => ({ ...object }));
  }

  /** Takes no further step. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#timer?.cancel();
    await this.#stepping;
  }

  get #clock(): Clock {
    return this.#parts.registry.clock;
  }

  #look(): void {
    if (this.#closing.signal.aborted) return;
    this.#timer?.cancel();
    this.#isDue = true;
    this.#stepping ??= this.#takeSteps().finally(() => (this.#stepping = undefined));
  }

  async #takeSteps(): Promise<void> {
    while (this.#isDue && !this.#closing.signal.aborted) {
      this.#isDue = false;
      const lookAgainMs = await this.#parts.turnstile.pass(() => this.#step());
      if (lookAgainMs !== undefined && !this.#closing.signal.aborted) {
        this.#timer?.cancel();
        this.#timer = this.#clock.schedule(lookAgainMs, () => this.#look());
      }
    }
  }

  /** After how long to look again even if nothing changes. */
  async #step(): Promise<number | undefined> {
    try {
      const lease = await this.#readLease();
      const nowMs = this.#clock.monotonicMs();
      const seen = this.#sighting.see(lease, nowMs);
      const candidates = [...this.#candidates.values()].map((candidate) => candidate.seen(nowMs));
      const decision = decideElection(candidates, seen);
      return await this.#act(decision, { lease, isExpired: seen?.validForMs === 0 });
    } catch (error) {
      const about = { namespace: this.#lease.namespace, lease: this.#lease.name, err: error };
      if (error instanceof StatusError) this.#parts.log.debug("an election step was refused", about);
      else this.#parts.log.warn("an election step failed", about);
      return limits.electionRetryMs;
    }
  }

  async #act(decision: Decision, view: LeaseView): Promise<number | undefined> {
    const { log } = this.#parts;
    const about = { namespace: this.#lease.namespace, lease: this.#lease.name };
    switch (decision.kind) {
      case "wait":
        return decision.lookAgainMs;
      case "ping":
        await Promise.all(decision.names.map((name) => this.#ping(name)));
        return limits.electionAnswerMs;
      case "elect":
        await this.#writeLease(view, (lease) => {
          const { isExpired } = view;
          if (lease === undefined) return newElectedLease(this.#lease, decision, this.#clock);
          return withElected(lease, decision, { clock: this.#clock, isExpired });
        });
        return limits.electionLookAgainMs;
      case "keep-holder":
        await this.#writeLease(view, (lease) => lease && withoutPreference(lease));
        return limits.electionLookAgainMs;
      case "impossible":
        log.warn("nobody can be elected", { ...about, reason: decision.reason });
        return undefined;
    }
  }

  async #ping(name: string): Promise<void> {
    const candidate = this.#candidates.get(name);
    if (candidate === undefined) return;
    const { uid } = candidate.object.metadata;
    const { registry, candidateKind: kind } = this.#parts;
    const { namespace } = this.#lease;
    const asked = await writeAsServer(registry, {
      target: { kind, namespace, name },
      manager,
      wanted(current) {
        if (current === undefined || current.metadata.uid !== uid) return current;
        const spec = { ...(current as SpecParts).spec, pingTime: microTime(registry.clock) };
        return { ...current, spec };
      },
    }).catch(passGone);
    if (asked !== undefined && asked.metadata.uid === uid) candidate.see(asked, this.#clock.monotonicMs());
  }

  /** A lease that changed since the decision is left alone: the change brings about another look. */
  async #writeLease(
    { lease: seen }: LeaseView,
    change: (lease: ApiObject | undefined) => ApiObject | undefined,
  ): Promise<void> {
    const written = await writeAsServer(this.#parts.registry, {
      target: this.#lease,
      manager,
      wanted(current) {
        const isAsSeen =
          seen === undefined ? current === undefined : current && versionOf(current) === versionOf(seen);
        return isAsSeen === true ? change(current) : current;
      },
    }).catch(passGone);
    const isChanged = written !== undefined && versionOf(written) !== (seen && versionOf(seen));
    if (isChanged) this.#tell(written);
  }

  #tell(lease: ApiObject): void {
    const { namespace, name } = this.#lease;
    const { holderIdentity: holder, preferredHolder, strategy } = (lease as ApiObject & Lease).spec;
    this.#parts.log.info("an election was held", {
      namespace,
      lease: name,
      holder,
      preferredHolder,
      strategy,
    });
  }

  async #readLease(): Promise<ApiObject | undefined> {
    const result = await this.#parts.registry.store.read({ key: keyOf(this.#lease) });
    return result.kind === "found" ? this.#leaseOf(result.entry) : undefined;
  }

  #leaseOf(entry: Entry): ApiObject {
    return objectOf(this.#lease.kind, entry);
  }

  /** Every renewal is seen as it happens: its age is counted from there. */
  async #followLease(): Promise<void> {
    const { signal } = this.#closing;
    const { registry, log } = this.#parts;
    const feed = registry.feedOf(this.#lease.kind);
    try {
      while (!signal.aborted) {
        const since = feed.revision;
        const result = feed.subscribe({
          since,
          keyPrefix: prefixOf(this.#lease),
          key: keyOf(this.#lease),
          signal,
        });
        if (result.kind !== "subscribed") return;
        this.#look();
        for await (const item of result.subscription) {
          if (item.kind !== "changes") break;
          this.#noteLease(item.changes.at(-1)?.after);
        }
      }
    } catch (error) {
      if (!signal.aborted) log.error("a lease is no longer followed by its election", { err: error });
    }
  }

  #noteLease(entry: Entry | undefined): void {
    const lease = entry === undefined ? undefined : this.#leaseOf(entry);
    this.#sighting.see(lease, this.#clock.monotonicMs());
    this.#look();
  }
}

const manager = "leasehold-election";

interface LeaseView {
  readonly lease: ApiObject | undefined;
  readonly isExpired: boolean;
}

interface SpecParts {
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** What is gone need not be written; the change is told by itself. */
function passGone(error: unknown): undefined {
  if (error instanceof StatusError && error.status.code === 404) return undefined;
  throw error;
}
