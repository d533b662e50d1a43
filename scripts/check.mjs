// npm run check: everything that can be told without running the server, side by side.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./toolchain.mjs";

const node = prepare();
const cache = join(root, "node_modules/.cache/check");
const tool = (name) => [join(root, "node_modules/.bin", name)];
const steps = [
  {
    name: "types",
    argv: [
      ...tool("tsc"),
      "--noEmit",
      "--pretty",
      "false",
      "--incremental",
      "--tsBuildInfoFile",
      join(cache, "types"),
    ],
  },
  { name: "lint", argv: [...tool("oxlint"), "--format=unix"] },
  { name: "format", argv: [...tool("oxfmt"), "--list-different"], advice: "npm run format" },
  {
    name: "tidy",
    argv: [node, "--test", `--test-reporter=${join(root, "scripts/test-reporter.mjs")}`, "tidy.test.ts"],
  },
  {
    name: "unused",
    argv: [
      ...tool("knip"),
      "--no-progress",
      "--no-config-hints",
      "--cache",
      "--cache-location",
      join(cache, "unused"),
    ],
  },
];

const linesMax = 60;
const beganAt = Date.now();
const outcomes = await Promise.all(steps.map((step) => run(step)));
const passed = outcomes.filter((outcome) => outcome).length;
console.log(
  `check: ${passed} of ${steps.length} passed (${steps.map((step) => step.name).join(", ")}) in ${since(beganAt)}`,
);
process.exitCode = passed === steps.length ? 0 : 1;

/** Prints what a step says only when it fails, in one piece, so that the steps' words do not mix. */
function run({ name, argv, advice }) {
  const startedAt = Date.now();
  const [command, ...rest] = argv;
  const child = spawn(command, rest, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: environment() });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.on("error", (error) => (output += error.message));
    child.on("close", (code) => {
      if (code !== 0)
        console.log(`${shorten(output)}\n${name}: FAILED${advice === undefined ? "" : `; ${advice}`}`);
      else console.log(`${name}: ok in ${since(startedAt)}`);
      resolve(code === 0);
    });
  });
}

/** A type error makes a hundred lint errors about types that are not known; it is told once, by the compiler. */
function shorten(output) {
  const lines = output
    .trimEnd()
    .split("\n")
    .filter((line) => !/`error` type|error typed|of type error/.test(line));
  return lines.length <= linesMax
    ? lines.join("\n")
    : [...lines.slice(0, linesMax), `… ${lines.length - linesMax} more lines`].join("\n");
}

/** The tools are scripts that look for `node`; they find the project's, not the machine's. */
function environment() {
  return { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}` };
}

function since(ms) {
  return `${((Date.now() - ms) / 1000).toFixed(1)} s`;
}
