// npm run build: what npm publishes, each package's dist/ after those it imports, and a look at it with a publisher's eyes.

import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepare, root } from "./toolchain.mjs";

const node = prepare();
const packages = ["api", "client", "server", "cli"]
  .map((name) => join(root, "packages", name))
  .filter((directory) => ["index.ts", "main.ts"].some((entry) => existsSync(join(directory, "src", entry))));

for (const directory of packages) {
  rmSync(join(directory, "dist"), { recursive: true, force: true });
  run("tsc", ["--project", join(directory, "tsconfig.build.json")]);
}
for (const directory of packages) run("publint", [directory, "--strict"]);

function run(tool, toolArguments) {
  const script = join(root, "node_modules/.bin", tool);
  const { status } = spawnSync(node, [script, ...toolArguments], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
