import type { Lease } from "@leasehold/api";
import type { Machine } from "./machine.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";

/** A term as somebody sees it who knows the true time: the work may go on for so long. */
export interface Reign {
  readonly who: string;
  /** Whether its work may be going on at this true moment. */
  isActive(): boolean;
  /** The process has done something: its word about the term may have changed. */
  look(): void;
}

/** Looks at everything after every event, and writes down what must not be. */
export class Witness {
  readonly #scheduler: Scheduler;
  readonly #trace: Trace;
  #reigns: Reign[] = [];
  #greatestToken = 0n;
  #overlapping = "";
  readonly violations: string[] = [];
  readonly #begunAtMs: number[] = [];

  constructor(scheduler: Scheduler, trace: Trace) {
    this.#scheduler = scheduler;
    this.#trace = trace;
  }

  begins(reign: Reign, fencingToken: string): void {
    this.#reigns.push(reign);
    this.#begunAtMs.push(this.#scheduler.nowMs);
    this.#trace.tell(reign.who, () => `BEGINS a term with token ${fencingToken}`);
    const token = BigInt(fencingToken);
    if (token <= this.#greatestToken) this.#violated(`token ${token} is not above ${this.#greatestToken}`);
    this.#greatestToken = token;
  }

  look(): void {
    for (const reign of this.#reigns) reign.look();
    this.#reigns = this.#reigns.filter((reign) => reign.isActive());
    const names = this.#reigns.map(({ who }) => who).join(" and ");
    if (this.#reigns.length > 1 && names !== this.#overlapping) this.#violated(`${names} lead at one moment`);
    this.#overlapping = this.#reigns.length > 1 ? names : "";
  }

  /** Transitions: one more when somebody other than the last holder takes the lease, else as they were. */
  committed(before: Lease | undefined, after: Lease | undefined): void {
    const [from, to] = [before?.spec.holderIdentity ?? "", after?.spec.holderIdentity ?? ""];
    this.#trace.tell("server", () => `commits ${after?.metadata.resourceVersion}: "${from}" -> "${to}"`);
    const counted = after?.spec.leaseTransitions ?? 0;
    const expected =
      before === undefined ? 0 : (before.spec.leaseTransitions ?? 0) + (to !== "" && to !== from ? 1 : 0);
    if (counted !== expected) this.#violated(`${counted} transitions where there were ${expected}`);
  }

  get isSomebodyLeading(): boolean {
    return this.#reigns.length > 0;
  }

  get terms(): number {
    return this.#begunAtMs.length;
  }

  violate(what: string): void {
    this.#violated(what);
  }

  #violated(what: string): void {
    this.violations.push(`at ${(this.#scheduler.nowMs / 1000).toFixed(4)} s: ${what}`);
    this.#trace.tell("WITNESS", () => what);
  }
}

/** Whether the process that led is still the one on the machine. */
export function lifeOf(machine: Machine): () => boolean {
  const { life } = machine;
  return () => machine.life === life;
}
