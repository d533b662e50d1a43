import type { Revision } from "../store.ts";
import type { LogFileOptions } from "./log-file.ts";
import type { LogRow } from "./log-row.ts";
import type { RowPiece } from "./row-piece.ts";

/** What the log's thread is started with. */
export interface LogThreadData extends LogFileOptions {
  /** Rows beyond so many are of the past, whatever the file says. */
  readonly historyChangesMax: number;
}

/** Each request is answered by a message with its id, in the order of the requests; `forget` is not answered. */
export type LogRequest =
  | { readonly kind: "append"; readonly id: number; readonly rows: PackedRows }
  | { readonly kind: "forget"; readonly horizon: Revision; readonly superseded: readonly Revision[] }
  | { readonly kind: "settle" | "probe" | "close"; readonly id: number };

export type LogAnswer =
  /**
   * At the start: from where on the past matters and the newest revision, then all rows in order (none when the file is opened again).
   * Or words that say why not.
   */
  | { readonly kind: "loading"; readonly horizon: Revision; readonly revision: Revision }
  | { readonly kind: "rows"; readonly piece: RowPiece }
  | { readonly kind: "opened" }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "done"; readonly id: number }
  | { readonly kind: "failed"; readonly id: number; readonly reason: string }
  /** Something in the background failed. It is tried again after the next append. */
  | { readonly kind: "problem"; readonly reason: string };

/**
 * Rows side by side, their values in one buffer that changes its owner instead of being copied. (A value may be a view of
 * a much larger buffer, which a message would copy whole.)
 */
export interface PackedRows {
  readonly revisions: readonly Revision[];
  readonly keys: readonly string[];
  readonly created: readonly Revision[];
  readonly atMs: readonly number[];
  /** The length of each value; -1 for a row without one. */
  readonly lengths: readonly number[];
  readonly values: Uint8Array<ArrayBuffer>;
}

export function packRows(rows: readonly LogRow[]): PackedRows {
  const lengths = rows.map(({ value }) => (value === null ? noValue : value.byteLength));
  const values = new Uint8Array(lengths.reduce((sum, length) => sum + Math.max(0, length), 0));
  let offset = 0;
  for (const { value } of rows) {
    if (value === null) continue;
    values.set(value, offset);
    offset += value.byteLength;
  }
  return {
    revisions: rows.map(({ revision }) => revision),
    keys: rows.map(({ key }) => key),
    created: rows.map(({ created }) => created),
    atMs: rows.map(({ atMs }) => atMs),
    lengths,
    values,
  };
}

/** The values are views of the packed buffer. */
export function unpackRows({
  revisions,
  keys,
  created,
  atMs,
  lengths,
  values,
}: PackedRows): readonly LogRow[] {
  let offset = 0;
  return revisions.map((revision, index) => {
    const length = lengths[index] ?? noValue;
    const value = length === noValue ? null : values.subarray(offset, offset + length);
    offset += Math.max(0, length);
    return { revision, key: keys[index] ?? "", value, created: created[index] ?? 0, atMs: atMs[index] ?? 0 };
  });
}

const noValue = -1;
