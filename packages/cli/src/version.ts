import { readFileSync } from "node:fs";
import { defineCommand, operands } from "./command.ts";
import { exitCode } from "./exit-code.ts";

export const versionCommand = defineCommand({
  name: "version",
  operands: operands.none,
  description: "Prints the version.",
  flags: {},
  act(_, surroundings) {
    surroundings.say(`leasehold ${version()}`);
    return Promise.resolve(exitCode.ok);
  },
});

/** The version of the package that holds this file. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest)
    return String(manifest.version);
  throw new Error("package.json names no version");
}
