import type { DatabaseSync } from "node:sqlite";
import { messageOf } from "../../error-message.ts";
import { limits } from "../../limits.ts";
import type { Revision } from "../store.ts";
import { readMark } from "./acknowledged-mark.ts";
import { openLogDatabaseToRead } from "./log-database.ts";
import { addTotals, isProven } from "./log-row.ts";
import { type LogState, readState } from "./log-state.ts";
import { damageOf, type ProvenRow, revisionsAfter, rowReader, sumDamageOf } from "./proven-rows.ts";

export interface LogAudit {
  readonly rows: number;
  readonly firstRevision: Revision | undefined;
  /** The newest revision that the log holds. */
  readonly revision: Revision;
  /** Undefined when what the file says of itself is damaged. */
  readonly horizon: Revision | undefined;
  readonly acknowledged: Revision | "none" | "damaged";
  /** One line each; empty when the log is sound. */
  readonly problems: readonly string[];
}

/**
 * Looks at all of a log, as it is at one moment, whether a server uses it or not, and changes nothing. `onRow` is shown every row that
 * can be read and says what is wrong with it beyond its checksum. Throws when the file is no log of this version.
 */
export function auditLog(path: string, onRow: (row: ProvenRow) => string | undefined): LogAudit {
  const acknowledged = readMark(path);
  const db = openLogDatabaseToRead(path);
  try {
    db.exec("BEGIN");
    return new Audit(db, onRow).run(acknowledged);
  } finally {
    db.close();
  }
}

class Audit {
  readonly #db: DatabaseSync;
  readonly #onRow: (row: ProvenRow) => string | undefined;
  readonly #problems: string[] = [];
  #rows = 0;
  #sum = 0;
  #first: ProvenRow | undefined;
  #last: ProvenRow | undefined;

  constructor(db: DatabaseSync, onRow: (row: ProvenRow) => string | undefined) {
    this.#db = db;
    this.#onRow = onRow;
  }

  run(acknowledged: LogAudit["acknowledged"]): LogAudit {
    const state = this.#state();
    this.#checkPages();
    const areAllRead = this.#readRows();
    const revision = Math.max(this.#last?.revision ?? 0, state?.revision ?? 0);
    if (state !== undefined) this.#checkSums(state, areAllRead);
    if (state !== undefined && state.horizon > revision)
      this.#problems.push(`the horizon is ${state.horizon}, and the newest revision only ${revision}`);
    if (acknowledged === "damaged")
      this.#problems.push("the mark of what was acknowledged is not what was written");
    else if (acknowledged !== "none" && acknowledged > revision)
      this.#problems.push(
        `the end is missing: it holds up to revision ${revision}, and ${acknowledged} was acknowledged`,
      );
    return {
      rows: this.#rows,
      firstRevision: this.#first?.revision,
      revision,
      horizon: state?.horizon,
      acknowledged,
      problems: this.#problems,
    };
  }

  #state(): LogState | undefined {
    try {
      return readState(this.#db);
    } catch (error) {
      this.#problems.push(messageOf(error));
      return undefined;
    }
  }

  #checkPages(): void {
    try {
      const found = this.#db.prepare(`PRAGMA integrity_check(${problemsMax})`).all();
      for (const { integrity_check: text } of found)
        if (text !== "ok") this.#problems.push(`SQLite: ${String(text)}`);
    } catch (error) {
      this.#problems.push(`SQLite: ${messageOf(error)}`);
    }
  }

  /** False when some rows could not be read, so that nothing can be said about them together. */
  #readRows(): boolean {
    let areAllRead = true;
    try {
      const read = rowReader(this.#db);
      for (const revision of revisionsAfter(this.#db, 0))
        areAllRead = this.#readRow(revision, read) && areAllRead;
      return areAllRead;
    } catch (error) {
      this.#problems.push(
        `what follows revision ${this.#last?.revision ?? 0} cannot be read (${messageOf(error)})`,
      );
      return false;
    }
  }

  #readRow(revision: Revision, read: (revision: Revision) => ProvenRow): boolean {
    this.#rows += 1;
    try {
      const row = read(revision);
      this.#first ??= row;
      this.#last = row;
      this.#sum = addTotals(this.#sum, row.checksum);
      const problem = isProven(row, row) ? (formProblemOf(row) ?? this.#onRow(row)) : damageOf(row);
      if (problem !== undefined) this.#problems.push(problem);
      return true;
    } catch (error) {
      this.#problems.push(`revision ${revision} cannot be read (${messageOf(error)})`);
      return false;
    }
  }

  #checkSums(state: LogState, areAllRead: boolean): void {
    const isRowNewest = this.#last !== undefined && this.#last.revision > state.revision;
    const total = isRowNewest ? (this.#last?.total ?? 0) : state.total;
    const problem = sumDamageOf({ sum: this.#sum, total, removed: state.removed });
    if (areAllRead && problem !== undefined) this.#problems.push(problem);
  }
}

/** What the sequencer lets in, and nothing else. */
function formProblemOf({ revision, key, value, created }: ProvenRow): string | undefined {
  const where = `revision ${revision} (key ${JSON.stringify(key)})`;
  if (!key.startsWith("/") || !key.isWellFormed()) return `${where}: this is not a key`;
  if (Buffer.byteLength(key) > limits.storeKeyBytesMax) return `${where}: the key is too long`;
  if (value !== null && value.byteLength > limits.storeValueBytesMax)
    return `${where}: the value is too long`;
  if (created > revision) return `${where}: it was created at ${created}, which is later`;
  return undefined;
}

/** Of SQLite's own; more say nothing new. */
const problemsMax = 20;
