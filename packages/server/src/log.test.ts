import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "./log.ts";

test("a log line is JSON with its level, its sentence and what it is about", () => {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  log.debug("not at this level");
  log.warn("the disk is full", { path: "/data", err: new Error("ENOSPC") });
  const [line, ...others] = lines.map((line): unknown => JSON.parse(line));
  assert.deepEqual(others, []);
  assert.partialDeepStrictEqual(line, {
    level: "warn",
    msg: "the disk is full",
    path: "/data",
    err: { type: "Error", message: "ENOSPC" },
  });
});
