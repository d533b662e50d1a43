import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { version } from "./version.ts";

test("the version is the package's", () => {
  const text = readFileSync(join(import.meta.dirname, "../package.json"), "utf8");
  assert.equal(version, (JSON.parse(text) as { readonly version: string }).version);
});
