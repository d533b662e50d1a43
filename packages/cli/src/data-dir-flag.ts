import { settings } from "@leasehold/server";
import type { Flag } from "./flag.ts";
import type { Surroundings } from "./surroundings.ts";

/** The server's own flag, for commands that work on its files. */
export const dataDirFlag: Flag<string | undefined> = {
  ...settings.dataDir,
  help: "the server's data directory [$LEASEHOLD_DATA_DIR]",
  defaultText: undefined,
  parse: (texts) =>
    texts.length === 0 ? { kind: "value", value: undefined } : settings.dataDir.parse(texts),
};

/** Where the server would find it: the flag, else the environment, else the default. */
export function dataDirOf(flag: string | undefined, { env }: Surroundings): string {
  if (flag !== undefined) return flag;
  const parsed = settings.dataDir.parse([env["LEASEHOLD_DATA_DIR"] || (settings.dataDir.defaultText ?? "")]);
  if (parsed.kind === "wrong") throw new Error(`the default data directory is none: ${parsed.needs}`);
  return parsed.value;
}
