import type { Clock, Timer } from "../../clock.ts";
import { messageOf } from "../../error-message.ts";
import { limits } from "../../limits.ts";
import type { Random } from "../../random.ts";
import { StoreUnavailableError } from "../store.ts";
import { Wakeup } from "../wakeup.ts";
import { EtcdFailure } from "./etcd-failure.ts";
import { EtcdHead, type Mark } from "./etcd-head.ts";
import { EtcdMember, type EtcdTls } from "./etcd-member.ts";
import { type Answer, rangeRpc, type Rpc } from "./etcd-rpcs.ts";

export interface EtcdClusterOptions {
  /** The client URL of each member. */
  readonly servers: readonly string[];
  readonly tls: EtcdTls;
  readonly clock: Clock;
  readonly random: Random;
  /** Called when the cluster turns out to be another one than it was. */
  readonly onReplaced: () => void;
}

/**
 * The members of a cluster, of which one is asked and the others stand in. A member that fails is not asked again until it has
 * answered a probe: while none answers, callers are refused at once and do not wait one deadline each.
 *
 *     serving -- a call or a stream fails --> failing -- probed with growing pauses, answers --> serving
 */
export class EtcdCluster {
  readonly head = new EtcdHead();
  /** Woken when a member that failed answers again. */
  readonly recovered = new Wakeup();
  readonly #seats: readonly Seat[];
  readonly #options: EtcdClusterOptions;
  /** Who is asked first. */
  #preferred = 0;
  #isClosed = false;

  /** Throws when a file of `tls` cannot be read. */
  constructor(options: EtcdClusterOptions) {
    this.#options = options;
    this.#seats = options.servers.map((url) => ({
      member: new EtcdMember(url, options),
      failing: undefined,
    }));
  }

  /** Why nobody can be asked; undefined while somebody can. */
  get problem(): string | undefined {
    return this.#seats.every(({ failing }) => failing !== undefined) ? this.#lastReason : undefined;
  }

  /**
   * Asks the members in turn until one answers. A write is sent only once: when its fate is not known, it throws.
   *
   * Throws an EtcdFailure when etcd refused, and a StoreUnavailableError when nobody could be asked or did not answer.
   */
  async call<Request, Response extends Answer>(
    rpc: Rpc<Request, Response>,
    request: Request,
  ): Promise<Response> {
    for (const seat of this.#serving()) {
      let isSent = false;
      try {
        if (rpc.isWrite) await seat.member.connected();
        isSent = rpc.isWrite;
        const asked = this.head.mark;
        const response = await seat.member.call(rpc, request);
        this.#preferred = this.#seats.indexOf(seat);
        if (rpc.isLinearizable) this.#accept(response, asked);
        return response;
      } catch (error) {
        if (!isMembersFault(error)) throw error;
        this.#fail(seat, error);
        if (isSent && error.kind === "unreachable")
          throw new StoreUnavailableError(error.message, { cause: error });
      }
    }
    throw new StoreUnavailableError(this.#isClosed ? "the store is closed" : this.#lastReason);
  }

  /** Somebody to open a stream with. `failed` is told when it fails. Throws a StoreUnavailableError when there is nobody. */
  streamMember(): { readonly member: EtcdMember; readonly failed: (error: unknown) => void } {
    const [seat] = this.#serving();
    if (seat === undefined) throw new StoreUnavailableError(this.#lastReason);
    return {
      member: seat.member,
      failed: (error) => {
        if (isMembersFault(error)) this.#fail(seat, error);
      },
    };
  }

  /** Gives up all connections. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const seat of this.#seats) {
      seat.failing?.timer.cancel();
      seat.member.drop();
    }
  }

  /** The members that may be asked, the preferred one first; each is looked at when it is its turn. */
  *#serving(): Generator<Seat, void> {
    const { length } = this.#seats;
    const first = this.#preferred;
    for (let offset = 0; offset < length && !this.#isClosed; offset += 1) {
      const seat = this.#seats[(first + offset) % length];
      if (seat !== undefined && seat.failing === undefined) yield seat;
    }
  }

  get #lastReason(): string {
    const reasons = this.#seats.flatMap(({ failing }) => failing?.reason ?? []);
    return reasons.join("; ");
  }

  #accept({ header }: Answer, asked: Mark): void {
    if (this.head.accept(header, asked)) return;
    if (this.head.generation !== asked.generation) this.#options.onReplaced();
    throw new StoreUnavailableError(
      "etcd is not the cluster that it was, or has gone back to an older state",
    );
  }

  #fail(seat: Seat, error: EtcdFailure): void {
    if (seat.failing !== undefined || this.#isClosed) return;
    // Whatever else waits on a dead connection waits in vain.
    if (error.kind === "unreachable") seat.member.drop();
    this.#probeLater(seat, { reason: error.message, pauseMs: limits.etcdProbeMsMin });
  }

  #probeLater(seat: Seat, { reason, pauseMs }: Pick<Failing, "reason" | "pauseMs">): void {
    const { clock, random } = this.#options;
    const jittered = pauseMs * (0.5 + random.fraction());
    const timer = clock.schedule(jittered, () => void this.#probe(seat, pauseMs));
    seat.failing = { reason, pauseMs, timer };
  }

  async #probe(seat: Seat, pauseMs: number): Promise<void> {
    try {
      // Linearizable, so that it is an answer of the cluster and not of the member alone.
      await seat.member.call(rangeRpc, { key: probedKey });
      seat.failing = undefined;
      this.recovered.wake();
    } catch (error) {
      if (this.#isClosed) return;
      seat.member.drop();
      const nextMs = Math.min(pauseMs * 2, limits.etcdProbeMsMax);
      this.#probeLater(seat, { reason: messageOf(error), pauseMs: nextMs });
    }
  }
}

/** A member with what is held against it. */
interface Seat {
  readonly member: EtcdMember;
  failing: Failing | undefined;
}

interface Failing {
  readonly reason: string;
  readonly pauseMs: number;
  readonly timer: Timer;
}

/** Any key does, also one that is not there. */
const probedKey = new TextEncoder().encode("compact_rev_key");

function isMembersFault(error: unknown): error is EtcdFailure {
  return error instanceof EtcdFailure && (error.kind === "unreachable" || error.kind === "no-leader");
}
