import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { systemClock } from "../../clock.ts";
import { storeCases } from "../conformance/store-cases.ts";
import type { Store } from "../store.ts";
import { openSqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";

for (const storeCase of storeCases)
  test(storeCase.name, async (t) => {
    const store = await open(t, { path: newPath(t) });
    await storeCase.run({ store });
  });

function newPath(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "leasehold-store-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, "store.sqlite");
}

async function open(t: TestContext, options: Pick<SqliteStoreOptions, "path" | "bounds">): Promise<Store> {
  const opened = await openSqliteStore({ clock: systemClock, onProblem: assert.fail, ...options });
  if (opened.kind === "refused") assert.fail(opened.message);
  t.after(() => opened.store.close());
  return opened.store;
}
