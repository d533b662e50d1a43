import type { Lease } from "@leasehold/api";
import { holderOf, versionOf } from "../election/lease-claim.ts";
import { compareVersions } from "../election/resource-version.ts";

export interface Member {
  /** Of the lease. */
  readonly name: string;
  /** Of its holder. */
  readonly identity: string;
}

export type MembershipEvent =
  | { readonly kind: "joined"; readonly member: Member }
  /** It said so, by releasing its lease; or the lease was deleted, or has another holder, who then joins. */
  | { readonly kind: "left"; readonly member: Member }
  /** Nothing was heard of it for its lease's duration. If it is heard of again, it joins anew. */
  | { readonly kind: "expired"; readonly member: Member }
  /** All that was there in the beginning has been told. */
  | { readonly kind: "synced" };

interface Entry {
  readonly version: string;
  readonly member: Member;
  readonly durationMs: number;
  /** When this version was first seen, or sight regained, on the observer's monotonic clock. */
  readonly seenAtMs: number;
  readonly isExpired: boolean;
}

/** Who is alive, as far as sightings tell. Holds no clock: each call says when it is. */
export class Roster {
  readonly #defaultDurationMs: number;
  readonly #entries = new Map<string, Entry>();
  #hasLostSight = false;

  constructor(defaultDurationMs: number) {
    this.#defaultDurationMs = defaultDurationMs;
  }

  /** The server could not be asked, and perhaps not told either: nobody's silence counts from before the next list. */
  lostSight(): void {
    this.#hasLostSight = true;
  }

  /** Everything that there is. What is not in it is gone; whose time was up when the list was asked for, and has not renewed, has expired. */
  listed(leases: readonly Lease[], { askedAtMs, nowMs }: ListedAt): readonly MembershipEvent[] {
    if (this.#hasLostSight) this.#forgive(nowMs);
    const names = new Set(leases.map((lease) => lease.metadata.name));
    const gone = [...this.#entries.values()].filter(({ member }) => !names.has(member.name));
    return [
      ...gone.flatMap((entry) => this.#remove(entry)),
      ...leases.flatMap((lease) => this.#see(lease, nowMs)),
      ...[...this.#entries.values()].flatMap((entry) => this.#expire(entry, askedAtMs)),
    ];
  }

  /** From the watch. */
  seen(lease: Lease, { isDeleted, nowMs }: SeenAt): readonly MembershipEvent[] {
    const entry = this.#entries.get(lease.metadata.name ?? "");
    if (isDeleted) return entry === undefined ? [] : this.#remove(entry);
    return this.#see(lease, nowMs);
  }

  /** When somebody may next have expired, on the monotonic clock; infinity when nobody can. */
  nextExpiryMs(): number {
    const due = [...this.#entries.values()].filter((entry) => !entry.isExpired).map(expiryOf);
    return due.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  }

  #see(lease: Lease, nowMs: number): readonly MembershipEvent[] {
    const name = lease.metadata.name ?? "";
    const before = this.#entries.get(name);
    const version = versionOf(lease);
    if (before !== undefined && compareVersions(version, before.version) <= 0) return [];
    const identity = holderOf(lease);
    if (identity === "") return before === undefined ? [] : this.#remove(before);
    const { leaseDurationSeconds: seconds = 0 } = lease.spec;
    const durationMs = seconds > 0 ? seconds * 1000 : this.#defaultDurationMs;
    const member = { name, identity };
    this.#entries.set(name, { version, member, durationMs, seenAtMs: nowMs, isExpired: false });
    if (before === undefined || before.isExpired) return [{ kind: "joined", member }];
    if (before.member.identity === identity) return [];
    return [
      { kind: "left", member: before.member },
      { kind: "joined", member },
    ];
  }

  #remove(entry: Entry): readonly MembershipEvent[] {
    this.#entries.delete(entry.member.name);
    return entry.isExpired ? [] : [{ kind: "left", member: entry.member }];
  }

  #expire(entry: Entry, askedAtMs: number): readonly MembershipEvent[] {
    if (entry.isExpired || askedAtMs < expiryOf(entry)) return [];
    this.#entries.set(entry.member.name, { ...entry, isExpired: true });
    return [{ kind: "expired", member: entry.member }];
  }

  #forgive(nowMs: number): void {
    for (const [name, entry] of this.#entries) this.#entries.set(name, { ...entry, seenAtMs: nowMs });
    this.#hasLostSight = false;
  }
}

function expiryOf({ seenAtMs, durationMs }: Entry): number {
  return seenAtMs + durationMs;
}

interface ListedAt {
  readonly askedAtMs: number;
  readonly nowMs: number;
}

interface SeenAt {
  readonly isDeleted: boolean;
  readonly nowMs: number;
}
