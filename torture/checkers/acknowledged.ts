import type { StoreLine } from "../scenarios/store-lines.ts";

/**
 * What one writer a key was told, over all lives of a store: whatever was acknowledged, or shown when the store opened, stands there
 * at the next opening, unless a later attempt of its own writer has replaced it. "-" stands for a key that is absent.
 */
export class Acknowledged {
  readonly #keys = new Map<string, Key>();
  readonly #breaches: string[] = [];
  #found = new Map<string, { readonly value: string; readonly revision: number }>();
  #newestRevision = 0;
  count = 0;
  openings = 0;
  failures = 0;

  /** One sentence for each breach so far. */
  get breaches(): readonly string[] {
    return this.#breaches;
  }

  /** How many of the breaches are acknowledged writes that are gone. */
  get losses(): number {
    return this.#breaches.filter((breach) => breach.startsWith("lost")).length;
  }

  hear(line: StoreLine): void {
    switch (line.kind) {
      case "found":
        this.#found.set(line.key, line);
        break;
      case "opened":
        this.#open(line.revision);
        break;
      case "attempt":
        this.#keyOf(line.key).attempts.push(line.value);
        break;
      case "acknowledged":
        this.#acknowledge(line.key, line.revision);
        break;
      case "failed":
        this.failures += 1;
        break;
      case "shown":
        this.#breaches.push(`${line.key} shows ${short(line.value)}, which had failed`);
        break;
      case "refused":
        this.#breaches.push(`the store does not open: ${line.reason}`);
        break;
      case "problem":
        break;
    }
  }

  #open(revision: number): void {
    this.openings += 1;
    if (revision < this.#newestRevision)
      this.#breaches.push(`lost: the store opens at revision ${revision}, after ${this.#newestRevision}`);
    for (const [name, key] of this.#keys) {
      const found = this.#found.get(name);
      const value = found?.value ?? "-";
      // Who acknowledges too early knows no revision, and says 0.
      const isSameRevision = found === undefined || key.revision === 0 || found.revision === key.revision;
      const isKept = value === key.value && isSameRevision;
      const isLater = value !== key.value && key.attempts.includes(value);
      if (!isKept && !isLater)
        this.#breaches.push(
          `lost: ${name} was acknowledged as ${short(key.value)} at ${key.revision}, and is ${short(value)} at ${found?.revision ?? "no revision"}`,
        );
    }
    // What is shown must stay, as if it had been acknowledged.
    for (const name of new Set([...this.#keys.keys(), ...this.#found.keys()])) {
      const found = this.#found.get(name);
      const key = this.#keyOf(name);
      key.value = found?.value ?? "-";
      key.revision = found?.revision ?? key.revision;
      key.attempts = [];
    }
    this.#newestRevision = Math.max(revision, this.#newestRevision);
    this.#found = new Map();
  }

  #acknowledge(name: string, revision: number): void {
    const key = this.#keyOf(name);
    this.count += 1;
    if (revision <= key.revision && revision > 0)
      this.#breaches.push(`${name} got revision ${revision} after it had ${key.revision}`);
    if (revision > 0 && this.#revisions.has(revision))
      this.#breaches.push(`revision ${revision} was used twice`);
    this.#revisions.add(revision);
    this.#newestRevision = Math.max(this.#newestRevision, revision);
    key.value = key.attempts.at(-1) ?? "-";
    key.revision = revision;
    key.attempts = [];
  }

  readonly #revisions = new Set<number>();

  #keyOf(name: string): Key {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key: Key = { value: "-", revision: 0, attempts: [] };
    this.#keys.set(name, key);
    return key;
  }
}

interface Key {
  value: string;
  revision: number;
  /** What was attempted since; each of it may have happened. */
  attempts: string[];
}

/** Values carry their name in front and are long to fill pages. */
function short(value: string): string {
  return value.replace(/-x+$/, "");
}
