import type { Operation, Value, Version } from "../history/operation.ts";

/**
 * Whether the operations on each key can be put in one order, each at a moment between its call and its return, in which every one
 * gives what it gave (Herlihy and Wing). As that holds for a whole if it holds for each key, keys are looked at alone.
 *
 * The search goes through time, as in Lowe's "Testing for linearizability": it keeps all configurations that explain what has
 * returned so far, a configuration being the state of the key and which of the operations under way have happened already. When an
 * operation returns, each configuration is extended by any of those under way, in any order, until this one has happened; what
 * cannot be extended is dropped. None left means that no order exists. Configurations that are equal are kept once, which is
 * what keeps the search small.
 *
 * A write of unknown outcome stays under way for ever: it may happen at any later time, or never. As it is tried only in the
 * states that it expects, a thousand of them cost little.
 *
 *     write a (ok)   |----|
 *     write b (?)           |- - - - - - - - - - - -
 *     read                        |--| a                b has not happened yet
 *     read                              |--| b          now it has
 *     read                                    |--| a    no order explains this one: a violation
 */
export function checkLinearizability(operations: readonly Operation[]): readonly LinearizabilityViolation[] {
  const violations: LinearizabilityViolation[] = [];
  for (const [key, steps] of stepsByKey(operations)) {
    const violation = checkKey(key, steps);
    if (violation !== undefined) violations.push(violation);
  }
  return violations;
}

export interface LinearizabilityViolation {
  readonly key: string;
  /** The first operation that no order explains. */
  readonly operation: Operation;
  /** What the key may have held when it returned, by all that is known. */
  readonly possible: readonly string[];
}

/** One operation on one key. A list is a read of every key. */
interface Step {
  readonly operation: Operation;
  readonly calledAt: number;
  /** Undefined for a write of unknown outcome. */
  readonly returnedAt: number | undefined;
  /** The state afterwards, or "impossible" when it cannot have happened, as it went, in this state. */
  readonly from: (state: State) => State | "impossible";
}

/** What a key holds. (An object, so that it is not mistaken for "impossible".) */
type State = { readonly value: Value } | undefined;

interface Configuration {
  readonly state: State;
  /** Of the operations under way, those that have happened. */
  readonly happened: ReadonlySet<Step>;
}

function checkKey(key: string, steps: readonly Step[]): LinearizabilityViolation | undefined {
  const search = new Search();
  for (const { step, isCall } of momentsOf(steps)) {
    if (isCall) search.call(step);
    else if (!search.return(step)) return { key, operation: step.operation, possible: search.statesBefore };
  }
  return undefined;
}

class Search {
  #configurations: readonly Configuration[] = [{ state: undefined, happened: new Set() }];
  readonly #underWay = new Set<Step>();
  readonly #unknown: UnknownWrites = new Map();
  readonly #numbers = new Map<Step, number>();
  statesBefore: readonly string[] = [];

  call(step: Step): void {
    this.#numbers.set(step, this.#numbers.size);
    if (step.returnedAt !== undefined) {
      this.#underWay.add(step);
      return;
    }
    for (const state of expectedBy(step.operation)) {
      const others = this.#unknown.get(state);
      if (others === undefined) this.#unknown.set(state, [step]);
      else others.push(step);
    }
  }

  /** False when no configuration explains it. */
  return(returned: Step): boolean {
    const seen = new Map<string, Configuration>();
    const left = [...this.#configurations];
    for (const configuration of left) seen.set(this.#identity(configuration), configuration);
    const explained = new Map<string, Configuration>();
    for (let configuration = left.pop(); configuration !== undefined; configuration = left.pop()) {
      if (configuration.happened.has(returned)) {
        const happened = new Set(configuration.happened);
        happened.delete(returned);
        const next = { state: configuration.state, happened };
        explained.set(this.#identity(next), next);
        continue;
      }
      for (const next of this.#successors(configuration)) {
        const identity = this.#identity(next);
        if (seen.has(identity)) continue;
        seen.set(identity, next);
        left.push(next);
      }
    }
    this.#underWay.delete(returned);
    this.statesBefore = [...new Set([...seen.values()].map(({ state }) => state?.value ?? "(absent)"))];
    this.#configurations = this.#withoutSettled([...explained.values()]);
    return explained.size > 0;
  }

  /** An unknown write that has happened by all accounts is one no more, and needs no remembering. */
  #withoutSettled(configurations: readonly Configuration[]): readonly Configuration[] {
    const [first, ...others] = configurations;
    const settled = [...(first?.happened ?? [])].filter(
      (step) => step.returnedAt === undefined && others.every(({ happened }) => happened.has(step)),
    );
    if (settled.length === 0) return configurations;
    for (const step of settled)
      for (const state of expectedBy(step.operation)) {
        const left = this.#unknown.get(state)?.filter((other) => other !== step) ?? [];
        if (left.length === 0) this.#unknown.delete(state);
        else this.#unknown.set(state, left);
      }
    return configurations.map(({ state, happened }) => ({
      state,
      happened: happened.difference(new Set(settled)),
    }));
  }

  *#successors({ state, happened }: Configuration): Generator<Configuration> {
    for (const step of [...this.#underWay, ...(this.#unknown.get(state?.value) ?? [])]) {
      if (happened.has(step)) continue;
      const next = step.from(state);
      if (next === "impossible") continue;
      yield { state: next, happened: new Set(happened).add(step) };
    }
  }

  #identity({ state, happened }: Configuration): string {
    const numbers = [...happened].map((step) => this.#numbers.get(step) ?? 0);
    return `${numbers.toSorted((one, other) => one - other).join(",")} ${state?.value ?? ""}`;
  }
}

/** Writes of unknown outcome, by the state that they expect. */
type UnknownWrites = Map<Value | undefined, Step[]>;

interface Moment {
  readonly at: number;
  readonly isCall: boolean;
  readonly step: Step;
}

function momentsOf(steps: readonly Step[]): readonly Moment[] {
  const moments: Moment[] = [];
  for (const step of steps) {
    moments.push({ at: step.calledAt, isCall: true, step });
    if (step.returnedAt !== undefined) moments.push({ at: step.returnedAt, isCall: false, step });
  }
  return moments.toSorted((one, other) => one.at - other.at || Number(other.isCall) - Number(one.isCall));
}

function stepsByKey(operations: readonly Operation[]): ReadonlyMap<string, readonly Step[]> {
  const keys = new Map<string, Step[]>();
  for (const { key } of operations.filter((operation) => operation.kind !== "list"))
    if (!keys.has(key)) keys.set(key, []);
  for (const operation of operations) {
    if (operation.kind === "list") {
      // A list of an older state is allowed to be stale; the check of revisions looks at it.
      if (operation.freshness.kind !== "newest") continue;
      for (const [key, steps] of keys) steps.push(readStep(operation, operation.items.get(key)));
    } else if (operation.kind === "read") {
      keys.get(operation.key)?.push(readStep(operation, operation.found));
    } else {
      keys.get(operation.key)?.push(writeStep(operation));
    }
  }
  return keys;
}

function readStep(operation: Operation, found: Version | undefined): Step {
  return {
    operation,
    calledAt: operation.calledAt,
    returnedAt: operation.returnedAt,
    from: (state) => (state?.value === found?.value ? state : "impossible"),
  };
}

function writeStep(operation: Operation & { readonly kind: "write" }): Step {
  const { value, outcome, calledAt } = operation;
  const after: State = value === undefined ? undefined : { value };
  const isRefused = outcome.kind === "refused";
  const states = expectedBy(operation);
  return {
    operation,
    calledAt,
    returnedAt: outcome.kind === "unknown" ? undefined : operation.returnedAt,
    from: (state) => {
      if (states.includes(state?.value) === isRefused) return "impossible";
      return isRefused ? state : after;
    },
  };
}

/** The states in which a write happens. */
function expectedBy(operation: Operation): readonly (Value | undefined)[] {
  if (operation.kind !== "write") return [];
  return operation.orAbsent && operation.expect !== undefined
    ? [operation.expect, undefined]
    : [operation.expect];
}
