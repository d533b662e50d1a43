import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Revision } from "../store.ts";
import { LogFile } from "./log-file.ts";
import { refusalOf } from "./log-refused-error.ts";
import type { LogRow } from "./log-row.ts";
import { rowsOf } from "./row-piece.ts";

/**
 * What a disk may do to the files of a log, at a table of places: each time the log must hold exactly what was acknowledged, or be
 * refused. LEASEHOLD_DAMAGE_STRIDE (as many bytes between two flips; a prime) makes the table longer or shorter.
 */
const stride = Number(process.env["LEASEHOLD_DAMAGE_STRIDE"] ?? 997);
const directory = mkdtempSync(join(tmpdir(), "leasehold-damage-"));
after(() => rmSync(directory, { recursive: true }));

const bounds = {
  fileBytesMax: 1e8,
  cacheBytesMax: 1e6,
  checkpointPages: 1,
  purgeRowsMax: 10,
  purgeAfterRows: 10,
};
const files = ["", "-wal", "-mark"] as const;
const rested = join(directory, "rested");
const killed = join(directory, "killed");
const expected = makeLogs();

interface Content {
  readonly horizon: Revision;
  readonly rows: readonly LogRow[];
}

type Outcome =
  | { readonly kind: "opened"; readonly content: Content }
  | { readonly kind: "refused"; readonly says: string };

test("a log that nothing has happened to opens, rested or killed", () => {
  for (const original of [rested, killed])
    assert.deepEqual(
      outcomeAfter(original, () => {}),
      { kind: "opened", content: expected },
    );
});

test("a bit that flips in the database is found, or was in no use", () => {
  const found = [...flips(rested, ""), ...flips(killed, "")];
  assert.ok(found.some((said) => /revision \d+ \(key "\/k\/\d+"\) is not what was written/.test(said)));
});

test("a bit that flips in the write-ahead log is found, or was in no use", () => {
  const found = flips(killed, "-wal");
  assert.ok(
    found.some((says) => /its end is missing: it holds .* up to revision \d+, and 90 was/.test(says)),
  );
});

test("a bit that flips in the mark is harmless", () => {
  const length = readFileSync(`${killed}-mark`).byteLength;
  for (let at = 0; at < length; at += 1) flip(killed, "-mark", at);
});

test("a file that is cut anywhere is found, or nothing of it was in use", () => {
  for (const [original, suffix] of [
    [rested, ""],
    [killed, ""],
    [killed, "-wal"],
  ] as const) {
    const length = readFileSync(original + suffix).byteLength;
    for (let at = 0; at < length; at += stride) {
      const outcome = outcomeAfter(original, (path) => truncateSync(path + suffix, at));
      assertHonest(outcome, `${suffix} cut at ${at}`);
      // What the write-ahead log holds again need not be in the database.
      if (original === rested) assert.equal(outcome.kind, "refused", `cut at ${at}`);
    }
  }
});

test("a file that was removed is missed", () => {
  const remove = (suffix: string) => (path: string) => rmSync(path + suffix);
  assert.match(says(outcomeAfter(killed, remove("-wal"))), /its end is missing/);
  assert.match(says(outcomeAfter(rested, remove(""))), /its end is missing: .* up to revision 0, and 90 was/);
  // Nothing but the end could be missing, and it is there: the mark is only a witness.
  assert.equal(outcomeAfter(killed, remove("-mark")).kind, "opened");
});

test("a database that is put back from the past is missed", () => {
  const past = outcomeAfter(rested, (path) => {
    append(path, [91]);
    copyFileSync(rested, path);
  });
  assert.match(says(past), /its end is missing: .* up to revision 90, and 91 was acknowledged/);
});

test("a page that is back from the past, or was never written, is found", () => {
  const pages = readFileSync(rested).byteLength / 4096;
  for (let page = 1; page < pages; page += 1) {
    const zeroed = outcomeAfter(rested, (path) => overwrite(path, page * 4096, new Uint8Array(4096)));
    assertHonest(zeroed, `page ${page} zeroed`);
    const replaced = outcomeAfter(rested, (path) =>
      overwrite(path, page * 4096, readFileSync(rested).subarray((page - 1) * 4096, page * 4096)),
    );
    assertHonest(replaced, `page ${page} replaced by the one before`);
  }
});

/** One log that was closed, and a copy of it from just before, as a killed process would leave it. */
function makeLogs(): Content {
  const log = new LogFile({ path: rested, bounds });
  for (let revision = 1; revision <= 90; revision += 3) {
    log.append([rowOf(revision), rowOf(revision + 1), rowOf(revision + 2)]);
    if (revision === 46) log.settle();
    if (revision === 61)
      log.forget(
        40,
        Array.from({ length: 12 }, (_, index) => index + 20),
      );
    // From here on the write-ahead log begins anew, over frames of its past.
    if (revision === 61) log.tidy();
  }
  const content = { horizon: log.horizon, rows: [...log.pieces()].flatMap((piece) => [...rowsOf(piece)]) };
  assert.equal(content.rows.length, 90 - 10);
  for (const suffix of files) copyFileSync(rested + suffix, killed + suffix);
  log.close();
  return content;
}

function rowOf(revision: Revision): LogRow {
  const isDeletion = revision % 17 === 0;
  const value = new Uint8Array(200 + (revision % 7) * 100).fill(revision);
  return {
    revision,
    key: `/k/${revision % 9}`,
    value: isDeletion ? null : value,
    created: 1,
    atMs: revision,
  };
}

function append(path: string, revisions: readonly Revision[]): void {
  const log = new LogFile({ path, bounds });
  log.append(revisions.map((revision) => rowOf(revision)));
  log.close();
}

/** What the refusals said. */
function flips(original: string, suffix: (typeof files)[number]): readonly string[] {
  const length = readFileSync(original + suffix).byteLength;
  const found: string[] = [];
  for (let at = 0; at < length; at += stride) {
    const outcome = flip(original, suffix, at);
    if (outcome.kind === "refused") found.push(outcome.says);
  }
  return found;
}

function flip(original: string, suffix: string, at: number): Outcome {
  const outcome = outcomeAfter(original, (path) => {
    const [byte = 0] = readFileSync(path + suffix).subarray(at);
    overwrite(path + suffix, at, Uint8Array.of(byte ^ (1 << (at % 8))));
  });
  assertHonest(outcome, `${suffix} flipped at ${at}`);
  return outcome;
}

function assertHonest(outcome: Outcome, what: string): void {
  if (outcome.kind === "opened") assert.deepEqual(outcome.content, expected, what);
}

function outcomeAfter(original: string, harm: (path: string) => void): Outcome {
  const path = join(directory, "harmed");
  for (const suffix of [...files, "-shm"]) rmSync(path + suffix, { force: true });
  for (const suffix of files)
    if (existsSync(original + suffix)) copyFileSync(original + suffix, path + suffix);
  harm(path);
  return outcomeOf(path);
}

function outcomeOf(path: string): Outcome {
  let log: LogFile | undefined;
  try {
    log = new LogFile({ path, bounds });
    const content = { horizon: log.horizon, rows: [...log.pieces()].flatMap((piece) => [...rowsOf(piece)]) };
    log.checkStructure();
    return { kind: "opened", content };
  } catch (error) {
    return { kind: "refused", says: refusalOf(path, error).message };
  } finally {
    log?.close();
  }
}

function says(outcome: Outcome): string {
  return outcome.kind === "refused" ? outcome.says : outcome.kind;
}

function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const content = readFileSync(path);
  content.set(bytes, at);
  writeFileSync(path, content);
}
