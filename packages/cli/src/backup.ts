import { resolve } from "node:path";
import { backUp } from "@leasehold/server";
import { defineCommand } from "./command.ts";
import { dataDirFlag, dataDirOf } from "./data-dir-flag.ts";
import { exitCode } from "./exit-code.ts";
import { forceFlag } from "./force-flag.ts";
import { complainOf } from "./refused-upkeep.ts";

export const backupCommand = defineCommand({
  name: "backup",
  operands: { text: "FILE [flags]", min: 1, max: 1, commandLine: false, missing: "the file to write" },
  description: `Copies the store of a data directory into FILE, as it is at one moment. The server may run: it is not asked
and goes on. Everything that was acknowledged before the command began is in the copy. Every row is
verified, and FILE appears only once it is whole and on the disk, readable for its owner alone.

The certificates in the data directory are not part of it: keep a copy of them elsewhere.`,
  flags: { dataDir: dataDirFlag, force: forceFlag("replace FILE if it exists") },
  async act({ flags, operands: [operand = ""] }, surroundings) {
    const file = resolve(operand);
    const dataDir = dataDirOf(flags.dataDir, surroundings);
    const result = backUp({ dataDir, file, replace: flags.force });
    if (result.kind === "refused") return complainOf("backup", result, surroundings);
    const { objects, revision, bytes } = result;
    surroundings.say(`${file} holds ${objects} objects at resourceVersion ${revision} (${bytes} bytes)`);
    return exitCode.ok;
  },
});
