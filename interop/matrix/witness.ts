import { setTimeout as delay } from "node:timers/promises";

/** What a candidate says of itself, and what is done to it. All of it comes through one pipe, so that there is one order. */
export const words = ["started", "leading", "stopped", "paused", "resumed", "gone"] as const;
type Word = (typeof words)[number];

/** Somebody claimed to lead while another one, who was neither dead nor paused, had claimed it and not taken it back. */
export interface Overlap {
  /** Whose term had begun before. */
  readonly earlier: string;
  readonly later: string;
  /** Whether the earlier one was stopped and continued during its term. */
  readonly isAfterPause: boolean;
}

/** For everything that must come. Nothing is asserted about how soon it comes. */
const patienceMs = 30_000;

/**
 * Listens to all candidates and remembers who claims to lead. It believes nothing else: not the lease, not a clock.
 *
 * A paused leader is *dormant* until it speaks again. If it then says `stopped`, it has noticed; if it says `leading` while another one
 * leads, the two overlap.
 */
export class Witness {
  readonly overlaps: Overlap[] = [];
  /** Who began to lead, in order. */
  readonly terms: string[] = [];
  /** The last things said, without repeated claims, for whoever must find out what went wrong. */
  readonly lately: string[] = [];
  readonly #claims = new Map<string, Claim>();
  readonly #waiting = new Set<() => void>();

  /** One line: an identity and a word. */
  hear(line: string): void {
    const [identity = "", word = ""] = line.split(" ");
    if (!isWord(word)) throw new Error(`a candidate said ${JSON.stringify(line)}`);
    if (word !== "leading") {
      this.lately.push(line);
      if (this.lately.length > 100) this.lately.shift();
    }
    this.#note(identity, word);
    for (const look of this.#waiting) look();
  }

  /** Who leads and is awake; more than one only where they overlap. */
  get leaders(): readonly string[] {
    return [...this.#claims].filter(([, claim]) => claim.state === "leading").map(([identity]) => identity);
  }

  claims(identity: string): boolean {
    return this.#claims.has(identity);
  }

  /** Resolves when the condition holds, which is looked at whenever something was said. */
  async until(question: string, holds: () => boolean): Promise<void> {
    if (holds()) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const look = (): void => {
      if (holds()) resolve(undefined);
    };
    const over = new AbortController();
    this.#waiting.add(look);
    try {
      const late = delay(patienceMs, "late" as const, { signal: over.signal }).catch(() => undefined);
      if ((await Promise.race([promise, late])) === "late") throw new Error(`never came true: ${question}`);
    } finally {
      this.#waiting.delete(look);
      over.abort();
    }
  }

  #note(identity: string, word: Word): void {
    const claim = this.#claims.get(identity);
    // A claim that nothing announced is no less the beginning of a term.
    if (word === "started" || (word === "leading" && claim === undefined)) {
      this.terms.push(identity);
      this.#claims.set(identity, { state: "leading", term: this.terms.length, wasPaused: false });
      this.#compare(identity);
    } else if (claim === undefined) {
      // It did not lead, and still does not.
    } else if (word === "leading") {
      claim.state = "leading";
      this.#compare(identity);
    } else if (word === "paused") {
      Object.assign(claim, { state: "dormant", wasPaused: true });
    } else if (word !== "resumed") {
      this.#claims.delete(identity);
    }
  }

  /** Holds the claim of one against those of all others; the same two terms overlap once, however often they are claimed. */
  #compare(claimant: string): void {
    for (const other of this.leaders) {
      const pair = [claimant, other].map((identity) => ({ identity, claim: this.#claims.get(identity) }));
      const [earlier, later] = pair.toSorted((one, two) => (one.claim?.term ?? 0) - (two.claim?.term ?? 0));
      if (other === claimant || earlier?.claim === undefined || later?.claim === undefined) continue;
      if (later.claim.overlapped?.has(earlier.identity)) continue;
      (later.claim.overlapped ??= new Set()).add(earlier.identity);
      this.overlaps.push({
        earlier: earlier.identity,
        later: later.identity,
        isAfterPause: earlier.claim.wasPaused,
      });
    }
  }
}

interface Claim {
  state: "leading" | "dormant";
  /** Which of all terms it is. */
  readonly term: number;
  wasPaused: boolean;
  overlapped?: Set<string>;
}

function isWord(text: string): text is Word {
  return (words as readonly string[]).includes(text);
}
