import { isAscii } from "node:buffer";
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { messageOf } from "../../error-message.ts";
import type { Revision } from "../store.ts";
import { isSqliteDamage, LogDamagedError } from "./log-refused-error.ts";
import type { LogRow, RowProof } from "./log-row.ts";

/**
 * Some rows, packed so that they are read from SQLite and handed to another thread without an object or a buffer for each: a million
 * rows are loaded in this form. The values are unpacked as views, so that one old value keeps its whole piece in memory.
 */
export interface RowPiece {
  /** For each row: its revision, the revision that created it, when, and the bytes of key and value (-1 without a value). */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** UTF-8, one after the other. */
  readonly keys: Uint8Array<ArrayBuffer>;
  readonly values: Uint8Array<ArrayBuffer>;
}

const numbersPerRow = 5;
const noValue = -1;

/** The rows with their keys as text. Keys of ASCII share the text of their piece. */
export function rowsOf(piece: RowPiece): Generator<LogRow, void> {
  const bytes = bufferOf(piece.keys);
  if (!isAscii(bytes)) return unpack(piece, (start, end) => bytes.toString("utf8", start, end));
  const text = bytes.toString("latin1");
  return unpack(piece, (start, end) => text.slice(start, end));
}

/** The rows with their keys as they are on the disk. */
export function packedRowsOf(piece: RowPiece): Generator<LogRow<Buffer>, void> {
  const bytes = bufferOf(piece.keys);
  return unpack(piece, (start, end) => bytes.subarray(start, end));
}

export function withText(row: LogRow<Buffer>): LogRow {
  return { ...row, key: row.key.toString() };
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function* unpack<Key>(
  { numbers, values }: RowPiece,
  keyWithin: (start: number, end: number) => Key,
): Generator<LogRow<Key>, void> {
  let [keyStart, valueStart] = [0, 0];
  for (let at = 0; at < numbers.length; at += numbersPerRow) {
    const keyEnd = keyStart + (numbers[at + 3] ?? 0);
    const length = numbers[at + 4] ?? noValue;
    const value = length === noValue ? null : values.subarray(valueStart, valueStart + length);
    const [revision = 0, created = 0, atMs = 0] = [numbers[at], numbers[at + 1], numbers[at + 2]];
    yield { revision, key: keyWithin(keyStart, keyEnd), value, created, atMs };
    keyStart = keyEnd;
    valueStart += Math.max(0, length);
  }
}

export interface ReadPiece {
  readonly piece: RowPiece;
  /** Of each row; not checked. */
  readonly proofs: readonly RowProof[];
}

/** All rows of a log, in order. Throws a LogDamagedError for what cannot be read. Nobody else writes meanwhile, or it is one transaction. */
export function* readPieces(db: DatabaseSync): Generator<ReadPiece, void> {
  const readNumbers = numberReader(db);
  const readTexts = textReader(db);
  for (let after: Revision = 0; ;) {
    const rows = naming(after, () => readNumbers(after));
    const last = rows.at(-1);
    if (last === undefined) return;
    const texts = naming(after, () => readTexts({ after, last: last.revision }));
    yield { piece: { numbers: packNumbers(rows), ...texts }, proofs: rows };
    after = last.revision;
  }
}

/** A row without its texts. */
interface RowNumbers extends RowProof {
  readonly revision: Revision;
  readonly created: Revision;
  readonly atMs: number;
  readonly keyBytes: number;
  /** -1 without a value. */
  readonly valueBytes: number;
}

function numberReader(db: DatabaseSync): (after: Revision) => readonly RowNumbers[] {
  const statement = db.prepare(`
    SELECT revision, created, at_ms, octet_length(key), ifnull(octet_length(value), ${noValue}), checksum, total FROM log
    WHERE revision > ? ORDER BY revision LIMIT ${pieceRowsMax}
  `);
  statement.setReturnArrays(true);
  return (after) => {
    const rows = statement.all(after).map((columns) => numbersOf(columns));
    let bytes = 0;
    const end = rows.findIndex(({ valueBytes }) => (bytes += valueBytes) > pieceBytesMax);
    return end === -1 ? rows : rows.slice(0, Math.max(1, end));
  };
}

function textReader(db: DatabaseSync) {
  // What SQLite concatenates it calls text; the bytes are what they were.
  const statement = db.prepare(`
    SELECT CAST(group_concat(key, '') AS BLOB), CAST(group_concat(value, '') AS BLOB)
    FROM (SELECT key, value FROM log WHERE revision > ? AND revision <= ? ORDER BY revision)
  `);
  statement.setReturnArrays(true);
  return ({ after, last }: { readonly after: Revision; readonly last: Revision }) => {
    const { 0: keys, 1: values = null }: Record<number, SQLOutputValue> = statement.get(after, last) ?? {};
    return { keys: bytesOf(keys), values: bytesOf(values) };
  };
}

function bytesOf(value: SQLOutputValue | undefined): Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function packNumbers(rows: readonly RowNumbers[]): Float64Array<ArrayBuffer> {
  const numbers = new Float64Array(rows.length * numbersPerRow);
  let at = 0;
  for (const { revision, created, atMs, keyBytes, valueBytes } of rows) {
    numbers[at] = revision;
    numbers[at + 1] = created;
    numbers[at + 2] = atMs;
    numbers[at + 3] = keyBytes;
    numbers[at + 4] = valueBytes;
    at += numbersPerRow;
  }
  return numbers;
}

/** From the columns of a row, in the order in which they are asked for. */
function numbersOf({
  0: revision,
  1: created,
  2: atMs,
  3: keyBytes,
  4: valueBytes,
  5: checksum,
  6: total,
}: Record<number, SQLOutputValue>): RowNumbers {
  if (
    typeof revision === "number" &&
    typeof created === "number" &&
    typeof atMs === "number" &&
    typeof keyBytes === "number" &&
    typeof valueBytes === "number" &&
    typeof checksum === "number" &&
    typeof total === "number"
  )
    return { revision, created, atMs, keyBytes, valueBytes, checksum, total };
  throw new LogDamagedError(`revision ${String(revision)} holds no row of ours`);
}

function naming<Result>(after: Revision, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    // A number that is none of ours is out of range: what we write are safe integers.
    if (!isSqliteDamage(error) && !(error instanceof RangeError)) throw error;
    throw new LogDamagedError(`what follows revision ${after} cannot be read (${messageOf(error)})`);
  }
}

/** Few enough that one old value does not keep much memory from being freed. */
const pieceRowsMax = 200;
/** Of the values, unless one alone is longer. */
const pieceBytesMax = 16 * 1024 * 1024;
