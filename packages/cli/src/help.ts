import type { Command } from "./command.ts";
import type { CommandRow } from "./commands.ts";
import type { Flag } from "./flag.ts";

/** What `leasehold COMMAND --help` prints, without the end of its last line. */
export function helpOf(command: Command): string {
  const usage = `leasehold ${command.name} ${command.operands}`.trimEnd();
  const flags = command.flags.length === 0 ? "" : `\n\nFlags:\n${command.flags.map(describeFlag).join("\n")}`;
  return `Usage: ${usage}\n\n${command.description.trim()}${flags}`;
}

/** What `leasehold help` prints: a line for each command. */
export function overview(commands: readonly CommandRow[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  leasehold ${name.padEnd(width)}  ${summary}`);
  return `Leader election and heartbeats over the Kubernetes Lease API.\n\n${lines.join("\n")}

leasehold COMMAND --help says more.`;
}

function describeFlag(flag: Flag<unknown>): string {
  const fallback =
    flag.defaultText === undefined || flag.defaultText === "false" ? "" : ` (default ${flag.defaultText})`;
  return `  ${spellFlag(flag)}\n      ${flag.help}${fallback}`;
}

/** `-o, --output json|yaml|name`, `--[no-]wait`. */
export function spellFlag(flag: Flag<unknown>): string {
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  if (flag.placeholder !== undefined) return `${short}--${flag.flag} ${flag.placeholder}`;
  return `${short}--${flag.defaultText === "true" ? "[no-]" : ""}${flag.flag}`;
}
