import { writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../packages/server/src/clock.ts";
import { openSqliteStore } from "../../packages/server/src/store/sqlite/sqlite-store.ts";
import type { Entry, Store } from "../../packages/server/src/store/store.ts";
import { keysOfStore } from "./store-lines.ts";

/**
 * The process that is killed: `store-child.ts PATH EPOCH [--lies]`. It opens a store, says what it found there, and then writes to each
 * key as fast as it can, saying what it attempts and what was acknowledged (store-lines.ts). With `--lies` it acknowledges
 * before the store does, which the torture must notice.
 */
const [, , path = "", epoch = "", ...flags] = process.argv;
const lies = flags.includes("--lies");
// Little history and eager tidying, so that purges and checkpoints are killed too.
const bounds = {
  historyChangesMax: 300,
  purgeAfterRows: 50,
  purgeRowsMax: 40,
  checkpointPages: 32,
  probeEveryMs: 50,
};

const onProblem = (problem: string): void => say(`problem ${problem}`);
const opened = await openSqliteStore({ path, clock: systemClock, bounds, onProblem });
if (opened.kind === "refused") {
  say(`refused ${opened.message}`);
  process.exit(1);
}
for (const key of keysOfStore) {
  const entry = await current(opened.store, key);
  if (entry !== undefined) say(`found ${key} ${textOf(entry)} ${entry.revision}`);
}
say(`opened ${opened.store.revision}`);
await Promise.all(keysOfStore.map((key) => writeForEver(opened.store, key)));

async function writeForEver(store: Store, key: string): Promise<void> {
  let entry = await current(store, key);
  for (let count = 0; ; count += 1) {
    const deletes = entry !== undefined && count % 10 === 9;
    const value = deletes ? undefined : `${epoch}-${count}-${"x".repeat((count * 7919) % 2000)}`;
    say(`attempt ${key} ${value ?? "-"}`);
    if (lies) say(`acknowledged ${key} 0`);
    try {
      const revision = await write(store, { key, value, before: entry });
      if (!lies) say(`acknowledged ${key} ${revision}`);
    } catch (error) {
      say(`failed ${key} ${String(error)}`);
      const now = await current(store, key);
      if (now?.revision !== entry?.revision) say(`shown ${key} ${now === undefined ? "-" : textOf(now)}`);
      await pause(5);
    }
    entry = await current(store, key);
  }
}

interface Wanted {
  readonly key: string;
  readonly value: string | undefined;
  readonly before: Entry | undefined;
}

async function write(store: Store, { key, value, before }: Wanted): Promise<number> {
  const result =
    value === undefined && before !== undefined
      ? await store.write({ key, value: undefined, expect: before.revision })
      : await store.write({
          key,
          value: new TextEncoder().encode(value),
          expect: before?.revision ?? "absent",
        });
  if (result.kind !== "written") throw new Error(`unexpectedly ${result.kind}`);
  return result.revision;
}

async function current(store: Store, key: string): Promise<Entry | undefined> {
  const now = await store.read({ key });
  return now.kind === "found" ? now.entry : undefined;
}

function textOf(entry: Entry): string {
  return new TextDecoder().decode(entry.value);
}

/**
 * Waits while the pipe is full, so that nothing is said later than it is true: `process.stdout` would keep it for later, and take it
 * to the grave. The semicolon tells whole lines from torn ones.
 */
function say(line: string): void {
  const bytes = Buffer.from(`${line.replaceAll("\n", " ")};\n`);
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
