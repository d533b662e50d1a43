import { closeSync, existsSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { Revision } from "../store.ts";

/**
 * The newest acknowledged revision, in a file of its own beside the log: one line of text, written after each commit and before it is
 * acknowledged, and not synced.
 *
 * The log alone cannot tell that its end is missing: a write-ahead log that was deleted or cut leaves a sound, older state. The mark
 * survives the process but may lag after a power loss, so it is never ahead of what a sound log holds; a log that ends
 * before the mark has lost what was acknowledged.
 */
export class AcknowledgedMark {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, "a+", 0o600);
    closeSync(this.#descriptor);
    this.#descriptor = openSync(path, "r+");
  }

  /** What was written last: "none" in a new file, "damaged" when it is not what was written. */
  read(): Revision | "none" | "damaged" {
    return readMarkFrom(this.#descriptor);
  }

  /** Throws when the file cannot be written; nothing is lost by that but the witness. */
  write(revision: Revision): void {
    writeSync(this.#descriptor, lineOf(revision), 0);
  }

  /** Where a power loss would otherwise bring back a greater one. */
  sync(): void {
    fsyncSync(this.#descriptor);
  }

  close(): void {
    try {
      this.sync();
    } finally {
      closeSync(this.#descriptor);
    }
  }
}

/** The mark of a log that another process may be writing; "none" when there is none. */
export function readMark(logPath: string): Revision | "none" | "damaged" {
  const path = markPathOf(logPath);
  if (!existsSync(path)) return "none";
  const descriptor = openSync(path, "r");
  try {
    return readMarkFrom(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function markPathOf(logPath: string): string {
  return `${logPath}-mark`;
}

function readMarkFrom(descriptor: number): Revision | "none" | "damaged" {
  const bytes = Buffer.alloc(lineBytes + 1);
  const line = bytes.toString("latin1", 0, readSync(descriptor, bytes, 0, bytes.length, 0));
  if (line === "") return "none";
  const revision = Number(/^acknowledged (\d{16}) /.exec(line)?.[1]);
  return line === lineOf(revision) ? revision : "damaged";
}

/** Always of the same length, and within one sector: one write replaces it whole. */
function lineOf(revision: Revision): string {
  const text = `acknowledged ${String(revision).padStart(16, "0")}`;
  return `${text} ${crc32(text).toString(16).padStart(8, "0")}\n`;
}

const lineBytes = "acknowledged 0123456789012345 01234567\n".length;
