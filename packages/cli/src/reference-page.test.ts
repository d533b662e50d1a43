import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commands } from "./commands.ts";
import { exitCode } from "./exit-code.ts";
import { overview } from "./help.ts";
import { leasehold } from "./leasehold.ts";

const page = join(import.meta.dirname, "../../../docs/cli.md");

/** `LEASEHOLD_WRITE_DOCS=1 npm test -- packages/cli/src/reference-page.test.ts` writes it. */
test("docs/cli.md says what the commands say of themselves", async () => {
  const text = await referencePage();
  if (process.env["LEASEHOLD_WRITE_DOCS"] === "1") writeFileSync(page, text);
  assert.equal(readFileSync(page, "utf8"), text, "write it anew: see above");
});

async function referencePage(): Promise<string> {
  const sections: string[] = [];
  for (const { name } of commands)
    sections.push(`## leasehold ${name}\n\n${block(await saidBy([name, "--help"]))}\n`);
  return `${introduction()}\n${sections.join("\n")}`;
}

function introduction(): string {
  return `# The command line

This page is what the commands say of themselves (\`leasehold COMMAND --help\`), in one place; a test keeps it so. \`leasehold completion
bash|zsh|fish\` makes a shell complete all of it.

${block(overview(commands))}

## Which server

All commands but \`serve\`, \`backup\`, \`restore\` and \`check\` speak to an API server: leasehold's or any Kubernetes cluster's. Which one
follows kubectl's rules: \`--kubeconfig\`, else the files of \`$KUBECONFIG\`, else \`~/.kube/config\`, else the service account of the pod; or
\`--server\` with \`--token\` and \`--certificate-authority\`. \`run\` needs to get, create, update and watch leases, the others less.

## Exit codes

| code | of | |
|---|---|---|
| ${exitCode.ok} | all | it was done |
| ${exitCode.failed} | all but \`run\` | it could not be done; of \`who\`: nobody holds the lease |
| ${exitCode.usage} | all | it was asked for wrongly: a flag, a value, a file that a flag names |
| ${exitCode.held} | \`run --no-wait\` | somebody else holds the lease |
| ${exitCode.lost} | \`run --once\`, \`--no-wait\` | the lease was lost, and the command stopped before its end |
| ${exitCode.unable} | \`run\`, \`who\` | it could not be done |
| 126, 127 | \`run\` | the command could not be executed, was not found |
| any | \`run\` | the command's own; 128 + n when signal n ended it |
`;
}

async function saidBy(argv: readonly string[]): Promise<string> {
  const said: string[] = [];
  const code = await leasehold(argv, {
    env: {},
    say: (line) => void said.push(line),
    complain: (line) => assert.fail(line),
    onStopSignal: () => assert.fail(),
    exit: () => assert.fail(),
  });
  assert.equal(code, exitCode.ok);
  return said.join("\n");
}

function block(text: string): string {
  return `\`\`\`\n${text.trimEnd()}\n\`\`\``;
}
