import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

/** What a block may use that an earlier one or its reader has made; `lead` and `compile` are the reader's own work. */
const made: Readonly<Record<string, string>> = {
  connection: 'import("@leasehold/client").Connection',
  leases: 'import("@leasehold/client").ResourceClient<import("@leasehold/client").Lease>',
  lease: 'import("@leasehold/client").LeaseAccess',
  namespace: "string",
  signal: "AbortSignal",
  lead: '(term: import("@leasehold/client").Term) => Promise<void>',
  compile: '(term: import("@leasehold/client").Term) => Promise<string>',
};

test("the code in the README compiles", () => {
  const repository = join(import.meta.dirname, "../../..");
  const cache = join(repository, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "readme-"));
  const blocks = readFileSync(join(import.meta.dirname, "../README.md"), "utf8").matchAll(
    /^```ts\n(.*?)^```/gms,
  );
  const files = [...blocks].map(([, code = ""], index) => {
    const path = join(folder, `block-${index + 1}.ts`);
    writeFileSync(path, `${preludeOf(code)}${code}\nexport {};\n`);
    return path;
  });
  assert.ok(files.length > 0);
  const config = {
    extends: join(repository, "tsconfig.json"),
    compilerOptions: { noUnusedLocals: false },
    files,
    include: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(repository, "node_modules/.bin/tsc");
  const { stdout, status } = spawnSync(process.execPath, [tsc, "--pretty", "false", "--project", folder], {
    encoding: "utf8",
    cwd: repository,
  });
  rmSync(folder, { recursive: true });
  assert.equal(status, 0, stdout);
});

function preludeOf(code: string): string {
  return Object.entries(made)
    .filter(([name]) => !new RegExp(`(const|let|using) ${name}\\b`).test(code))
    .map(([name, type]) => `declare const ${name}: ${type};\n`)
    .join("");
}
