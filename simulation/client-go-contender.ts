import type { Lease } from "@leasehold/api";
import type { Clock, LeaseAccess } from "@leasehold/client";
import type { Contender, ContenderParts } from "./contender.ts";
import { virtualAccess } from "./virtual-access.ts";
import { lifeOf } from "./witness.ts";

export interface ClientGoTimes {
  readonly leaseDurationSeconds: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
}

/** client-go's own defaults. */
export const clientGoDefaults: ClientGoTimes = {
  leaseDurationSeconds: 15,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2000,
};

/**
 * An elector that does what client-go's leaderelection does, with its times: after a renewal it waits for a retry period, and only then does
 * the renew deadline begin to run, so that it leads for up to the sum of both after its last renewal. client-go accepts any lease duration
 * above the renew deadline alone.
 */
export function clientGoContender(times: ClientGoTimes, parts: ContenderParts): Contender {
  const { machine, link, trace } = parts;
  let program: ClientGo | undefined;
  return {
    machine,
    link,
    survivesPauses: false,
    start() {
      if (program?.isAlive() === true) return;
      program = new ClientGo(times, parts);
      void program.run().catch((error: unknown) => trace.tell(machine.name, () => `threw ${String(error)}`));
    },
    stop: () => machine.kill(),
    finishWork: () => machine.inbox()(() => program?.finishWork()),
  };
}

class ClientGo {
  readonly #times: ClientGoTimes;
  readonly #parts: ContenderParts;
  readonly #clock: Clock;
  readonly #access: LeaseAccess;
  #observed: { readonly lease: Lease; readonly atMs: number } | undefined;
  #isDone = false;
  /** Of this start of the program: what is still on its way when it dies must not come to life in the next. */
  readonly isAlive: () => boolean;

  constructor(times: ClientGoTimes, parts: ContenderParts) {
    this.#times = times;
    this.#parts = parts;
    this.#clock = parts.machine.clock();
    this.isAlive = lifeOf(parts.machine);
    this.#access = virtualAccess({ ...parts, name: parts.leaseName });
  }

  finishWork(): void {
    this.#isDone = true;
  }

  async run(): Promise<void> {
    const { retryPeriodMs } = this.#times;
    while (this.isAlive()) {
      while (!(await this.#acquireOrRenew(retryPeriodMs)))
        await this.#sleep(retryPeriodMs * (1 + 1.2 * this.#parts.random.fraction()));
      await this.#lead();
      this.#observed = undefined;
    }
  }

  async #lead(): Promise<void> {
    this.#isDone = false;
    let isLeading = true;
    const reign = {
      who: this.#parts.machine.name,
      isActive: () => isLeading && this.isAlive(),
      look: () => {},
    };
    this.#parts.witness.begins(reign, this.#observed?.lease.metadata.resourceVersion ?? "0");
    do await this.#sleep(this.#times.retryPeriodMs);
    while (!this.#isDone && (await this.#renewBeforeDeadline()));
    isLeading = false;
    this.#parts.trace.tell(this.#parts.machine.name, () => "ENDS its term");
    if (this.#isDone) await this.#release();
  }

  /** The deadline runs from here, and not from the last renewal. */
  async #renewBeforeDeadline(): Promise<boolean> {
    const { renewDeadlineMs, retryPeriodMs } = this.#times;
    const deadlineMs = this.#clock.monotonicMs() + renewDeadlineMs;
    for (;;) {
      const leftMs = deadlineMs - this.#clock.monotonicMs();
      if (leftMs <= 0) return false;
      if (await this.#acquireOrRenew(leftMs)) return true;
      await this.#sleep(Math.min(retryPeriodMs, Math.max(0, deadlineMs - this.#clock.monotonicMs())));
    }
  }

  async #acquireOrRenew(timeoutMs: number): Promise<boolean> {
    const attempt = { signal: new AbortController().signal, timeoutMs };
    const now = new Date(this.#clock.nowMs()).toISOString().replace("Z", "000Z");
    const { identity } = this.#parts;
    const claim = {
      holderIdentity: identity,
      leaseDurationSeconds: this.#times.leaseDurationSeconds,
      renewTime: now,
    };
    const seen = await this.#access.read(attempt);
    if (seen.kind === "failed") return false;
    if (seen.kind === "absent") {
      const { leaseName: name } = this.#parts;
      return this.#write(
        {
          apiVersion: "coordination.k8s.io/v1",
          kind: "Lease",
          metadata: { name },
          spec: { ...claim, acquireTime: now, leaseTransitions: 0 },
        },
        timeoutMs,
      );
    }
    this.#observe(seen.object);
    const { spec } = seen.object;
    const isOurs = spec.holderIdentity === identity;
    if ((spec.holderIdentity ?? "") !== "" && !isOurs && this.#isValid(seen.object)) return false;
    const transitions = spec.leaseTransitions ?? 0;
    const history = isOurs
      ? { acquireTime: spec.acquireTime, leaseTransitions: transitions }
      : { acquireTime: now, leaseTransitions: transitions + 1 };
    return this.#write({ ...seen.object, spec: { ...claim, ...history } }, timeoutMs);
  }

  async #write(lease: Lease, timeoutMs: number): Promise<boolean> {
    const attempt = { signal: new AbortController().signal, timeoutMs };
    const outcome = await this.#access.write(lease, attempt);
    if (outcome.kind !== "written") return false;
    this.#observed = { lease: outcome.object, atMs: this.#clock.monotonicMs() };
    return true;
  }

  async #release(): Promise<void> {
    const lease = this.#observed?.lease;
    if (lease === undefined) return;
    const spec = { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1 };
    await this.#write({ ...lease, spec }, this.#times.renewDeadlineMs);
  }

  /** It compares what it sees without the fractions of seconds. */
  #observe(lease: Lease): void {
    if (recordOf(lease) === recordOf(this.#observed?.lease)) return;
    this.#observed = { lease, atMs: this.#clock.monotonicMs() };
  }

  #isValid({ spec }: Lease): boolean {
    const atMs = this.#observed?.atMs ?? 0;
    return atMs + (spec.leaseDurationSeconds ?? 0) * 1000 > this.#clock.monotonicMs();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.schedule(ms, resolve));
  }
}

function recordOf(lease: Lease | undefined): string {
  return JSON.stringify(lease?.spec ?? null).replaceAll(/\.\d+Z"/g, 'Z"');
}
