import { crc32 } from "node:zlib";
import type { Revision } from "../store.ts";

/** One revision as the file keeps it; without a value, the deletion of its key. */
export interface LogRow<Key = string> {
  readonly revision: Revision;
  readonly key: Key;
  readonly value: Uint8Array | null;
  readonly created: Revision;
  readonly atMs: number;
}

/** A key as text or as its UTF-8 bytes. */
type AnyKey = string | Uint8Array;

/**
 * What proves a row. `total` is the sum, modulo 2^32, of the checksums of all rows that were ever appended, up to and with this one:
 * less what was removed since, it must be the sum of the rows that are there, so that a row that vanished is noticed too.
 */
export interface RowProof {
  readonly checksum: number;
  readonly total: number;
}

/** Of a row that follows others whose sum is `totalBefore`; every column is covered. */
export function proofOf(row: LogRow<AnyKey>, totalBefore: number): RowProof {
  const checksum = checksumOf(row, totalBefore);
  return { checksum, total: addTotals(totalBefore, checksum) };
}

/** Whether a row is what was written. */
export function isProven(row: LogRow<AnyKey>, { checksum, total }: RowProof): boolean {
  return checksumOf(row, subtractTotals(total, checksum)) === checksum;
}

export function addTotals(total: number, added: number): number {
  return (total + added) % 2 ** 32;
}

export function subtractTotals(total: number, removed: number): number {
  return (total - removed + 2 ** 32) % 2 ** 32;
}

/** The numbers stand before the texts, and the value's length among them, so that no two rows are the same bytes. */
function checksumOf({ revision, key, value, created, atMs }: LogRow<AnyKey>, totalBefore: number): number {
  numbers.setFloat64(0, revision);
  numbers.setFloat64(8, created);
  numbers.setFloat64(16, atMs);
  numbers.setInt32(24, value === null ? -1 : value.byteLength);
  numbers.setUint32(28, totalBefore);
  const withKey = crc32(key, crc32(numberBytes));
  return value === null ? withKey : crc32(value, withKey);
}

const numberBytes = new Uint8Array(32);
const numbers = new DataView(numberBytes.buffer);
