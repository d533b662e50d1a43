import { resolve } from "node:path";
import { restore } from "@leasehold/server";
import { defineCommand } from "./command.ts";
import { dataDirFlag, dataDirOf } from "./data-dir-flag.ts";
import { exitCode } from "./exit-code.ts";
import type { Flag } from "./flag.ts";
import { forceFlag } from "./force-flag.ts";
import { complainOf } from "./refused-upkeep.ts";

/** etcd's own default: a server that writes 10,000 times a second needs a day for as many. */
const bumpDefault = 1_000_000_000;

const bumpFlag: Flag<number> = {
  flag: "bump-revision",
  placeholder: "COUNT",
  help: "how far the resourceVersion moves on: more than the lost server can have written since the backup",
  defaultText: String(bumpDefault),
  repeats: false,
  parse(texts) {
    const text = texts.at(-1) ?? "";
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= 1 && Number.isSafeInteger(count))
      return { kind: "value", value: count };
    return { kind: "wrong", needs: "a whole number, 1 or greater" };
  },
};

export const restoreCommand = defineCommand({
  name: "restore",
  operands: { text: "FILE [flags]", min: 1, max: 1, commandLine: false, missing: "the backup to restore" },
  description: `Fills a data directory that no server uses from FILE, which is a backup or the store of a server that has
ended. Every row is verified on the way.

Every object gets a new resourceVersion, greater than any that a client can have seen, and nothing before
that can be read: a client that knew the lost server is told that its resourceVersion is too old, lists
again, and goes on. Whoever restores the same backup a second time must choose a greater --bump-revision,
unless the store of the first time is still in the data directory.`,
  flags: {
    dataDir: dataDirFlag,
    bumpRevision: bumpFlag,
    force: forceFlag(
      "replace the store that is there; it is kept beside the new one, as leasehold.db.replaced",
    ),
  },
  async act({ flags, operands: [operand = ""] }, surroundings) {
    const dataDir = dataDirOf(flags.dataDir, surroundings);
    const { bumpRevision, force } = flags;
    const result = restore({ dataDir, file: resolve(operand), replace: force, bumpRevision });
    if (result.kind === "refused") return complainOf("restore", result, surroundings);
    const { file, objects, revision } = result;
    surroundings.say(`${file} holds ${objects} objects, and goes on after resourceVersion ${revision}`);
    return exitCode.ok;
  },
});
