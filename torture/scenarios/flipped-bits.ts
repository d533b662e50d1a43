import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../packages/server/src/clock.ts";
import { auditLog } from "../../packages/server/src/store/sqlite/audit-log.ts";
import { openSqliteStore } from "../../packages/server/src/store/sqlite/sqlite-store.ts";
import { Acknowledged } from "../checkers/acknowledged.ts";
import type { Draw } from "../draw.ts";
import { BreachError, type Scenario } from "../scenario.ts";
import { liveOnce } from "./kill-store.ts";
import { keysOfStore, type StoreLine } from "./store-lines.ts";

/** A store whose files were damaged while nobody looked: it may refuse to open, which `leasehold check` then explains, and must not serve what was never written. */
export const flippedBits: Scenario = {
  name: "flips",
  title:
    "bits flip in the store's files; the store opens with all that was acknowledged, or refuses and says why",
  weight: 1.5,
  async run({ draw, untilMs, figures, directory }) {
    for (let epoch = 0; epoch === 0 || performance.now() < untilMs; epoch += 1) {
      const source = join(directory, `store-${epoch}`);
      mkdirSync(source);
      const lines: StoreLine[] = [];
      await liveOnce({
        path: join(source, storeName),
        epoch,
        book: new Acknowledged(),
        moment: { kind: "acknowledgements", count: draw.between(20, 1500) },
        hear: (line) => lines.push(line),
      });
      figures.add("acknowledged writes", lines.filter(({ kind }) => kind === "acknowledged").length);
      for (let damage = 0; damage < damagesPerStore; damage += 1) {
        const copy = join(directory, "damaged");
        rmSync(copy, { recursive: true, force: true });
        cpSync(source, copy, { recursive: true });
        const what = damageFile(copy, draw);
        const book = new Acknowledged();
        for (const line of lines) book.hear(line);
        figures.add(await openDamaged(join(copy, storeName), book));
        figures.add("cycles");
        if (book.breaches.length === 0) continue;
        figures.add("losses", book.breaches.length);
        throw new BreachError([`${what}:`, ...book.breaches]);
      }
      rmSync(source, { recursive: true });
    }
  },
};

const storeName = "store.sqlite";
const damagesPerStore = 20;

/** Flips a few bits, wipes a sector, or cuts off the end. Returns what it did, in words. */
function damageFile(directory: string, draw: Draw): string {
  const names = [storeName, `${storeName}-wal`].filter(
    (name) => existsSync(join(directory, name)) && readFileSync(join(directory, name)).length > 0,
  );
  const name = draw.oneOf(names);
  const path = join(directory, name);
  const bytes = readFileSync(path);
  const at = draw.below(bytes.length);
  const dice = draw.fraction();
  if (dice < 0.1) {
    truncateSync(path, at);
    return `${name} was cut to ${at} of ${bytes.length} bytes`;
  }
  if (dice < 0.25) {
    bytes.fill(0, at - (at % 512), at - (at % 512) + 512);
    writeFileSync(path, bytes);
    return `the sector at ${at - (at % 512)} of ${name} (${bytes.length} bytes) was wiped`;
  }
  const mask = 1 << draw.below(8);
  bytes[at] = (bytes[at] ?? 0) ^ mask;
  writeFileSync(path, bytes);
  return `byte ${at} of ${name} (${bytes.length} bytes) was flipped by ${mask}`;
}

/** Tells the book what a reader would be told; a store that refuses tells nobody anything. */
async function openDamaged(
  path: string,
  book: Acknowledged,
): Promise<"damages refused" | "damages harmless"> {
  const opened = await openSqliteStore({ path, clock: systemClock, onProblem: () => {} });
  if (opened.kind === "refused") {
    if (!isDamagedByAudit(path))
      book.hear({ kind: "refused", reason: `and an audit finds it sound: ${opened.message}` });
    return "damages refused";
  }
  const { store } = opened;
  for (const key of keysOfStore) {
    const now = await store.read({ key });
    if (now.kind !== "found") continue;
    const value = new TextDecoder().decode(now.entry.value);
    book.hear({ kind: "found", key, value, revision: now.entry.revision });
  }
  book.hear({ kind: "opened", revision: store.revision });
  await store.close().catch(() => {});
  return "damages harmless";
}

/** What `leasehold check` looks at. */
function isDamagedByAudit(path: string): boolean {
  try {
    return auditLog(path, () => undefined).problems.length > 0;
  } catch {
    return true;
  }
}
