/**
 * The same as interop/go/electors, with the elector of this project: `electors.ts PREFIX LEASES CANDIDATES LEASE_SECONDS`. "N started"
 * says that lease N is led by one of the candidates, "N ready" that one of them has seen who leads. A line on stdin names a lease
 * whose term ends, and with it one candidacy; a new candidate takes its place once another one leads.
 */
import { createInterface } from "node:readline";
import { elect, type ElectionObserver, leaseAccess, type Term } from "../../packages/client/src/index.ts";
import { connect } from "../../packages/client/src/node.ts";

const [, , prefix = "", leases = "1", candidates = "1", seconds = "15"] = process.argv;

class Contest {
  readonly #index: number;
  #isVacant = false;
  #end: (() => void) | undefined;

  constructor(index: number) {
    this.#index = index;
  }

  async enter(): Promise<void> {
    // As if each had a process, and with it a connection, of its own.
    const connection = await connect();
    const lease = leaseAccess(connection, { namespace: "default", name: `${prefix}-${this.#index}` });
    const durations = { leaseDurationSeconds: Number(seconds) };
    const said = new Set<string>();
    const onEvent: ElectionObserver = ({ kind }) => {
      if (kind === "sighting" && !said.has(kind)) console.log(`${this.#index} ready`);
      said.add(kind);
    };
    await elect({ lease, durations, onEvent }, (term) => this.#lead(term));
    connection.close();
  }

  /** Work that goes on until it is told to end, and then has nothing left to do. */
  #lead(term: Term): Promise<void> {
    console.log(`${this.#index} started`);
    if (this.#isVacant) void this.enter();
    this.#isVacant = false;
    return new Promise((resolve) => {
      this.#end = resolve;
      term.signal.addEventListener("abort", () => resolve());
    });
  }

  release(): void {
    if (this.#end === undefined) throw new Error(`nobody leads lease ${this.#index}`);
    this.#isVacant = true;
    this.#end();
    this.#end = undefined;
  }
}

const all = Array.from({ length: Number(leases) }, (_, index) => new Contest(index));
for (const contest of all) {
  for (let entered = 0; entered < Number(candidates); entered += 1) void contest.enter();
}
createInterface({ input: process.stdin }).on("line", (line) => all[Number(line)]?.release());
