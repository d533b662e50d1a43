import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** Randomness, as everything in the server sees it. Injected, so that a test or a simulation can seed it; no other file draws. */
export interface Random {
  /** A version 4 UUID in its usual lower-case text form. */
  uuid(): string;
  /**
   * `length` characters of the alphabet with which Kubernetes completes generateName: digits and consonants that cannot be
   * mistaken for one another and spell no words.
   */
  alphanumeric(length: number): string;
  bytes(length: number): Uint8Array;
  /** A number from 0 (included) to 1 (excluded), for jitter. */
  fraction(): number;
}

export const systemRandom: Random = {
  uuid: () => randomUUID(),
  alphanumeric: (length) =>
    Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join(""),
  bytes: (length) => new Uint8Array(randomBytes(length)),
  fraction: () => randomInt(2 ** 47) / 2 ** 47,
};

// k8s.io/apimachinery/pkg/util/rand: no vowels, no 0, 1, 3.
const alphabet = "bcdfghjklmnpqrstvwxz2456789";
