import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { test } from "node:test";
import { parseSync, Visitor } from "oxc-parser";

/**
 * The rules of the house that a machine can check and the linter does not know. The linter's part (no `any`, no default export, no
 * file over 400 lines, no function over 70) stands in .oxlintrc.json; `enum` and namespaces are refused by the compiler.
 */
interface Rule {
  readonly name: string;
  readonly reason: string;
  readonly applies: (file: SourceFile) => boolean;
  /** One sentence for each breach; empty when all is well. */
  readonly breaches: (file: SourceFile) => readonly string[];
}

interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly imports: readonly string[];
  /** Calls and property reads as written, such as `Date.now` or `setTimeout`, `new Date()` included. */
  readonly uses: readonly string[];
  readonly comments: readonly string[];
}

const rules: readonly Rule[] = [
  {
    name: "inside the server, imports go down the picture",
    reason: "a layer that knows nothing of those above it can be read, tested and replaced alone",
    applies: (file) => file.path.startsWith(serverSource) && !isTest(file),
    breaches: (file) => file.imports.flatMap((specifier) => upwardImport(file.path, specifier)),
  },
  {
    name: "packages import only the packages below them, by name",
    reason: "a package that reaches into another's files cannot be published, nor the other changed",
    // An example imports what its reader does.
    applies: (file) => file.path.startsWith("packages/") && !file.path.includes("/examples/"),
    breaches: (file) => file.imports.flatMap((specifier) => strangePackage(file.path, specifier)),
  },
  {
    name: "only clock.ts reads a clock or starts a timer",
    reason: "whoever owns the clock can run a day in a second and the same day twice",
    applies: (file) => isDeterministic(file) && basename(file.path) !== "clock.ts",
    breaches: (file) => [
      ...file.uses.filter((use) => clockUses.has(use)).map((use) => `uses ${use}`),
      ...file.imports.filter((name) => /^(node:)?timers/.test(name)).map((name) => `imports ${name}`),
    ],
  },
  {
    name: "only random.ts draws",
    reason: "a run with a known seed can be repeated",
    applies: (file) => isDeterministic(file) && basename(file.path) !== "random.ts",
    breaches: (file) => file.uses.filter((use) => randomUses.has(use)).map((use) => `uses ${use}`),
  },
  {
    name: "nothing is built on EventEmitter",
    reason:
      "an unheard event is lost and an unheard error kills; AsyncIterable, AbortSignal and Promise keep both",
    applies: (file) => file.path.startsWith("packages/") && !isTest(file),
    breaches: (file) =>
      file.uses.filter((use) => /^(extends |new )?EventEmitter/.test(use)).map((use) => `uses ${use}`),
  },
  {
    name: "a file's name says what it holds",
    reason: "a file named for nothing in particular collects everything",
    applies: () => true,
    breaches: (file) =>
      basename(file.path)
        .replace("field-manager", "") // Kubernetes' own term for whoever writes a field
        .split(/[-.]/)
        .filter((word) => emptyWords.has(word))
        .map((word) => `"${word}" says nothing`),
  },
  {
    name: "the only barrel is a package's index",
    reason: "a barrel hides where a thing lives and loads everything for anything",
    applies: (file) => basename(file.path) === "index.ts",
    breaches: (file) =>
      /^packages\/[^/]+\/src\/index\.ts$/.test(file.path) ? [] : ["is an index inside a package"],
  },
  {
    name: "what runs in browsers imports nothing of Node",
    reason: "a page that shows leases, or takes one, loads the same code",
    applies: (file) => /^packages\/(api|client)\/src\//.test(file.path) && !isTest(file) && !isNodeOnly(file),
    breaches: (file) => [
      ...file.imports
        .filter((name) => /^node:|^@kubernetes\/|\/node\//.test(name))
        .map((name) => `imports ${name}`),
      ...file.uses.filter((use) => /^(process|require)\b/.test(use)).map((use) => `uses ${use}`),
    ],
  },
  {
    name: "no suppression without a reason",
    reason: "an exception on the door tells the next reader why it may stay",
    applies: () => true,
    breaches: (file) =>
      file.comments
        .filter((comment) => /@ts-(ignore|nocheck)|(oxlint|eslint)-disable(?!.* -- \S)/.test(comment))
        .map((comment) => `says "${comment.trim()}"; write the reason after "--"`),
  },
];

/** What everybody may know and what knows nobody. */
const ground =
  "config parse-config start-error version limits clock random log remembered data-dir closing error-message read-given-file sqlite-busy file-lock"
    .split(" ")
    .map((name) => `${name}.ts`);

/**
 * The storeys of the server, from the ground up. A folder may import those on lower storeys and itself, not its neighbours; files
 * that are not in a folder stand on the ground (clock, config, limits, …) or, wiring everything, on the roof.
 */
const storeys: readonly (readonly string[])[] = [
  ground,
  ["store"],
  ["watch"],
  ["registry", "coordination"],
  ["authn", "authz", "codec", "verbs", "certificates"],
  ["reviews"],
  ["http"],
];

/** Neighbours that may know each other, each with the reason. */
const neighbours = new Map([
  ["coordination > registry", "an election writes its leases by the same rules as everybody else"],
  ["codec > verbs", "a body becomes a verb's command and its outcome bytes; verbs know neither"],
  ["authz > authn", "who may do what is decided about the users that authn names"],
]);

/** What each package may import of the others. */
const packageDependencies = new Map<string, readonly string[]>([
  ["api", []],
  ["client", ["@leasehold/api"]],
  ["server", ["@leasehold/api"]],
  ["dashboard", ["@leasehold/api", "@leasehold/client"]],
  [
    "cli",
    [
      "@leasehold/api",
      "@leasehold/client",
      "@leasehold/client/node",
      "@leasehold/server",
      "@leasehold/dashboard",
    ],
  ],
]);

const clockUses = words(`
  Date.now Date performance.now process.hrtime process.hrtime.bigint process.uptime
  setTimeout setInterval AbortSignal.timeout
`).add("new Date()");

const randomUses = words(`
  Math.random randomUUID randomBytes randomInt randomFillSync getRandomValues
  crypto.randomUUID crypto.randomBytes crypto.randomInt crypto.getRandomValues
`);

const emptyWords = words("utils util helpers helper common misc manager service impl base");

const repository = import.meta.dirname;
const serverSource = "packages/server/src/";
const sources = ["packages", "conformance", "simulation", "interop", "bench", "torture"]
  .map((folder) => join(repository, folder))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => sourcesUnder(folder));

for (const rule of rules) {
  test(`${rule.name}: ${rule.reason}`, () => {
    const breaches = sources
      .filter((file) => rule.applies(file))
      .flatMap((file) => rule.breaches(file).map((breach) => `${file.path} ${breach}`));
    assert.equal(breaches.join("\n"), "");
  });
}

test("the rules find what they are there to find", () => {
  const path = `${serverSource}store/sample.ts`;
  const file = readSource(
    path,
    'import { x } from "../http/route.ts"; import y from "@leasehold/server"; x(Date.now(), new Date(), Math.random(), y);',
  );
  const found = rules.filter((rule) => rule.applies(file)).flatMap((rule) => rule.breaches(file));
  assert.deepEqual(found, [
    "store may not import http (../http/route.ts)",
    "server may not import @leasehold/server",
    "uses Date.now",
    "uses new Date()",
    "uses Math.random",
  ]);
});

function words(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/));
}

function isTest(file: SourceFile): boolean {
  return file.path.endsWith(".test.ts") || file.path.includes("/testing/");
}

/** The client's own sockets, files and kubeconfigs, and the entry that exports them. */
function isNodeOnly(file: SourceFile): boolean {
  return /^packages\/client\/src\/(connection\/node\/|node\.ts$)/.test(file.path);
}

/** The packages and the simulation run under an injected clock and seed; tests and the other folders live in the real world. */
function isDeterministic(file: SourceFile): boolean {
  return /^(packages|simulation)\//.test(file.path) && !isTest(file);
}

function upwardImport(path: string, specifier: string): readonly string[] {
  if (!specifier.startsWith(".")) return [];
  const from = firstSegment(path);
  const to = firstSegment(join(dirname(path), specifier));
  const [fromHeight, toHeight] = [heightOf(from), heightOf(to)];
  if (fromHeight === -1) return [`stands in ${from}, which has no storey in tidy.test.ts`];
  if (from === to || fromHeight > toHeight || neighbours.has(`${from} > ${to}`)) return [];
  if (fromHeight === toHeight && from.endsWith(".ts")) return [];
  return [`${from} may not import ${to} (${specifier})`];
}

/** A file in no folder that is not on the ground wires others, so it stands on the roof. */
function heightOf(place: string): number {
  const height = storeys.findIndex((storey) => storey.includes(place));
  return height === -1 && place.endsWith(".ts") ? storeys.length : height;
}

/** `store` for packages/server/src/store/x.ts, `clock.ts` for packages/server/src/clock.ts. */
function firstSegment(path: string): string {
  return relative(serverSource, path).split("/")[0] ?? "";
}

function strangePackage(path: string, specifier: string): readonly string[] {
  const name = path.split("/")[1] ?? "";
  const allowed = packageDependencies.get(name);
  if (allowed === undefined) return [`${name} has no row in packageDependencies of tidy.test.ts`];
  if (specifier.startsWith(".")) {
    const target = join(dirname(path), specifier);
    return target.startsWith(`packages/${name}/`) ? [] : [`reaches out of its package (${specifier})`];
  }
  if (!/^(@leasehold\/|leasehold(\/|$))/.test(specifier) || allowed.includes(specifier)) return [];
  return [`${name} may not import ${specifier}`];
}

function sourcesUnder(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(node_modules|dist|target)\//.test(path))
    .map((path) => readSource(relative(repository, path), readFileSync(path, "utf8")));
}

function readSource(path: string, text: string): SourceFile {
  const { program, module, comments } = parseSync(path, text);
  const uses: string[] = [];
  new Visitor({
    CallExpression: ({ callee }) => void uses.push(text.slice(callee.start, callee.end)),
    NewExpression: ({ callee, arguments: given }) => {
      const name = text.slice(callee.start, callee.end);
      uses.push(given.length === 0 ? `new ${name}()` : `new ${name}`);
    },
    ClassDeclaration: ({ superClass }) => {
      if (superClass) uses.push(`extends ${text.slice(superClass.start, superClass.end)}`);
    },
  }).visit(program);
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap((entry) => entry.moduleRequest ?? []),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest }) =>
    text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
  );
  return {
    path,
    imports: [...module.staticImports, ...exported.map((moduleRequest) => ({ moduleRequest }))]
      .map((statement) => statement.moduleRequest.value)
      .concat(dynamic)
      .filter((specifier, index, all) => all.indexOf(specifier) === index),
    uses,
    comments: comments.map((comment) => comment.value),
  };
}
