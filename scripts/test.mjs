// npm test [-- PATH...]: every test of the project, or those under the given paths.

import { existsSync, readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { become, prepare, root } from "./toolchain.mjs";

const node = prepare();
const paths = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
const places = paths.length > 0 ? paths.map((path) => resolve(path)) : defaultPlaces();
const files = places.flatMap((place) => testsUnder(place)).map((file) => relative(process.cwd(), file));
if (files.length === 0) {
  process.stderr.write(`no tests under ${paths.join(" ")}\n`);
  process.exit(1);
}
const reporter = process.stdout.isTTY && paths.length > 0 ? "spec" : join(root, "scripts/test-reporter.mjs");
// The long ones wait for leases to run out more than they reckon.
const concurrency = Math.max(4, availableParallelism());
become(node, [
  "--test",
  `--test-concurrency=${concurrency}`,
  `--test-reporter=${reporter}`,
  ...flags,
  ...files,
]);

function defaultPlaces() {
  return ["tidy.test.ts", "scripts", "packages", "conformance", "simulation", "torture"]
    .map((name) => join(root, name))
    .filter((place) => existsSync(place));
}

function testsUnder(place) {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    const path = join(place, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist"].includes(entry.name) ? [] : testsUnder(path);
    return entry.name.endsWith(".test.ts") ? [path] : [];
  });
}
