import { resolve } from "node:path";
import { checkStore, type StoreCheck, storeFileIn } from "@leasehold/server";
import { defineCommand } from "./command.ts";
import { dataDirFlag, dataDirOf } from "./data-dir-flag.ts";
import { exitCode } from "./exit-code.ts";
import { complainOf } from "./refused-upkeep.ts";

export const checkCommand = defineCommand({
  name: "check",
  operands: { text: "[FILE] [flags]", min: 0, max: 1, commandLine: false },
  description: `Verifies the store of a data directory, or FILE, which is a backup or such a store: SQLite's structures, the
checksum of every row and of all together, keys, objects, and whether the end is there. The server may run.
Nothing is changed.

Prints what it looked at and one line for each problem. Leaves with 0 when the store is sound, with 1 when it
is damaged, with 2 when there is none.`,
  flags: { dataDir: dataDirFlag },
  async act({ flags, operands: [operand] }, surroundings) {
    const file =
      operand === undefined ? storeFileIn(dataDirOf(flags.dataDir, surroundings)) : resolve(operand);
    const result = checkStore(file);
    if (result.kind === "refused") return complainOf("check", result, surroundings);
    for (const line of reportOf(result)) surroundings.say(line);
    return result.problems.length === 0 ? exitCode.ok : exitCode.failed;
  },
});

function* reportOf(check: StoreCheck): Generator<string> {
  const { file, isInUse, rows, firstRevision, revision, horizon, acknowledged, objects, problems } = check;
  yield `${file}${isInUse ? ", in use by a server" : ""}`;
  yield `${rows} rows, revisions ${firstRevision ?? "-"} to ${revision}, readable from ${horizon ?? "?"} on, ${acknowledgedWords(acknowledged)}`;
  const byName = [...objects].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const counts = byName.map(([plural, count]) => `${count} ${plural}`);
  yield counts.length === 0 ? "no objects" : counts.join(", ");
  for (const problem of problems) yield `damaged: ${problem}`;
  yield problems.length === 0
    ? "sound"
    : `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
}

function acknowledgedWords(acknowledged: StoreCheck["acknowledged"]): string {
  if (acknowledged === "none") return "no mark of what was acknowledged";
  if (acknowledged === "damaged") return "the mark of what was acknowledged is damaged";
  return `acknowledged up to ${acknowledged}`;
}
