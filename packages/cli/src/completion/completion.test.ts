import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { commands } from "../commands.ts";
import { exitCode } from "../exit-code.ts";
import { leasehold } from "../leasehold.ts";
import { bashCompletion } from "./bash.ts";

const directory = mkdtempSync(join(tmpdir(), "leasehold-completion-"));
after(() => rmSync(directory, { recursive: true }));

async function scriptFor(shell: string): Promise<string> {
  const said: string[] = [];
  const code = await leasehold(["completion", shell], {
    env: {},
    say: (line) => void said.push(line),
    complain: assert.fail,
    onStopSignal: () => assert.fail(),
    exit: () => assert.fail(),
  });
  assert.equal(code, exitCode.ok);
  return said.join("\n");
}

const completed = [
  { words: ["leasehold", "se"], gives: ["serve"] },
  { words: ["leasehold", "get", "-o", ""], gives: ["json", "yaml", "name"] },
  { words: ["leasehold", "completion", ""], gives: ["bash", "zsh", "fish", "--help"] },
  { words: ["leasehold", "serve", "--sto"], gives: ["--store"] },
  { words: ["leasehold", "run", "x", "--no-w"], gives: ["--no-wait"] },
  { words: ["leasehold", "help", "ver"], gives: ["version"] },
];

test("bash completes commands, flags and their words", async () => {
  const script = join(directory, "completion.bash");
  writeFileSync(script, await scriptFor("bash"));
  for (const { words, gives } of completed) {
    const line = `source ${script}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _leasehold; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", line, "bash", ...words], {
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    assert.deepEqual(stdout.trim().split("\n"), gives, words.join(" "));
  }
});

test("behind -- bash completes commands and files", async () => {
  const rows = [
    {
      name: "run",
      summary: "",
      operands: "NAME -- COMMAND",
      description: "",
      flags: [],
      run: () => assert.fail(),
    },
  ];
  const script = join(directory, "behind.bash");
  writeFileSync(script, bashCompletion(rows));
  const line = `source ${script}; COMP_WORDS=(leasehold run demo -- mkdi); COMP_CWORD=4; _leasehold; echo "\${COMPREPLY[@]}"`;
  assert.match(spawnSync("bash", ["--norc", "-c", line], { encoding: "utf8" }).stdout, /\bmkdir\b/);
});

for (const shell of ["zsh", "fish"]) {
  test(`${shell}'s script names each command and can be read by it`, async (context) => {
    const text = await scriptFor(shell);
    for (const { name } of commands) assert.ok(text.includes(name), name);
    const script = join(directory, `completion.${shell}`);
    writeFileSync(script, text);
    const { error, status, stderr } = spawnSync(shell, ["-n", script], { encoding: "utf8" });
    if (error !== undefined) return context.skip(`${shell} is not here`);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  });
}
