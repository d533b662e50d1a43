/** True time, in milliseconds, and what happens when. Nobody inside the simulation can read it: machines have clocks of their own. */
export class Scheduler {
  #nowMs = 0;
  #order = 0;
  readonly #heap: Event[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs `run` at a moment, not before now; of several at one moment in the order of the calls. */
  at(atMs: number, run: () => void): Cancelable {
    const event: Event = {
      atMs: Math.max(atMs, this.#nowMs),
      order: (this.#order += 1),
      run,
      isCancelled: false,
    };
    push(this.#heap, event);
    return { cancel: () => void (event.isCancelled = true) };
  }

  after(delayMs: number, run: () => void): Cancelable {
    return this.at(this.#nowMs + delayMs, run);
  }

  /** Runs everything that happens until then; `afterEach` is called when all that follows from an event by promises alone has happened. */
  async runUntil(untilMs: number, afterEach: () => void): Promise<void> {
    await settled();
    for (let event = this.#heap[0]; event !== undefined && event.atMs <= untilMs; event = this.#heap[0]) {
      pop(this.#heap);
      if (event.isCancelled) continue;
      this.#nowMs = event.atMs;
      event.run();
      await settled();
      afterEach();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }
}

export interface Cancelable {
  cancel(): void;
}

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** Immediates run when no microtask is left, however long their chain: so that the order of promises never depends on real time. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

function push(heap: Event[], event: Event): void {
  let index = heap.push(event) - 1;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || !isBefore(event, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
    const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
    if (child === undefined || !isBefore(child, last)) break;
    heap[index] = child;
    index = 2 * index + (child === left ? 1 : 2);
  }
  heap[index] = last;
}
