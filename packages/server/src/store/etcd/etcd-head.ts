import type { Revision } from "../store.ts";
import type { Header } from "./etcd-messages.ts";

/**
 * What is known of a cluster from the headers of its answers: its newest revision, and that it is still the same. A cluster that is
 * restored from a backup goes back to an older revision, in a younger raft term or under another id: what was read before is then no
 * state of it.
 */
export class EtcdHead {
  #revision: Revision = 0;
  #raftTerm = 0n;
  #clusterId: bigint | undefined;
  #generation = 0;

  /** The newest revision that was heard of. */
  get revision(): Revision {
    return this.#revision;
  }

  /** Grows whenever the cluster turns out to be another one than before. */
  get generation(): number {
    return this.#generation;
  }

  /** What a linearizable answer that is asked for now may not go back behind. */
  get mark(): Mark {
    return { revision: this.#revision, raftTerm: this.#raftTerm, generation: this.#generation };
  }

  /** Takes note of an answer that need not be the newest: of a member alone, or of a watch. */
  see({ revision }: Header): void {
    this.#revision = Math.max(this.#revision, revision);
    // Not its term: a member that is cut off counts up terms of its own.
  }

  /** Takes note of a linearizable answer to a question that was asked at the mark; false when it is of another cluster. */
  accept(header: Header, asked: Mark): boolean {
    if (asked.generation !== this.#generation) return false;
    this.#clusterId ??= header.clusterId;
    const isSame =
      header.clusterId === this.#clusterId &&
      header.revision >= asked.revision &&
      header.raftTerm >= asked.raftTerm;
    if (!isSame) {
      this.#generation += 1;
      this.#revision = 0;
      this.#raftTerm = 0n;
      this.#clusterId = header.clusterId;
    }
    this.see(header);
    if (header.raftTerm > this.#raftTerm) this.#raftTerm = header.raftTerm;
    return isSame;
  }
}

export interface Mark {
  readonly revision: Revision;
  readonly raftTerm: bigint;
  readonly generation: number;
}
