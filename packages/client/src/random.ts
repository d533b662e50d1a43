/** Randomness, as everything in the client sees it. Injected, so that a simulation can seed it; no other file draws. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded), for jitter. */
  fraction(): number;
  /** A version 4 UUID in its usual lower-case text form, for identities that nobody chose. */
  uuid(): string;
}

/** The platform's own source, in browsers as in Node. */
export const systemRandom: Random = {
  fraction: () => crypto.getRandomValues(new Uint32Array(1)).reduce((_, word) => word / 2 ** 32, 0),
  uuid: () => crypto.randomUUID(),
};
