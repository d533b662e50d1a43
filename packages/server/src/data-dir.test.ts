import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { takeDataDir } from "./data-dir.ts";
import { StartError } from "./start-error.ts";

const directory = mkdtempSync(join(tmpdir(), "leasehold-data-dir-"));
after(() => rmSync(directory, { recursive: true }));

test("a data directory is made for its owner alone", () => {
  const path = join(directory, "deep", "new");
  takeDataDir(path).release();
  assert.equal(statSync(path).mode & 0o777, 0o700);
});

test("a data directory in use is refused until it is released", () => {
  const path = join(directory, "shared");
  const first = takeDataDir(path);
  assert.throws(
    () => takeDataDir(path),
    (error) =>
      error instanceof StartError &&
      error.because === "surroundings" &&
      error.message.startsWith("another server uses"),
  );
  first.release();
  takeDataDir(path).release();
});

test("a data directory that cannot be made is a wrong setting", () => {
  const file = join(directory, "file");
  writeFileSync(file, "");
  assert.throws(
    () => takeDataDir(join(file, "inside")),
    (error) => error instanceof StartError && error.because === "setting",
  );
});
