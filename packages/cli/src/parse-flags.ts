import { parseArgs } from "node:util";
import type { Asked, CommandDefinition, Operands } from "./command.ts";
import type { Flag } from "./flag.ts";

export type ParsedFlags<Values> =
  | { readonly kind: "asked"; readonly asked: Asked<Values> }
  | { readonly kind: "help" }
  /** One line for the person at the keyboard, without the program's and the command's name. */
  | { readonly kind: "wrong"; readonly line: string };

/** Reads what stands behind a command's name by its table. */
export function parseFlags<Values>(
  definition: Pick<CommandDefinition<Values>, "flags" | "operands">,
  argv: readonly string[],
): ParsedFlags<Values> {
  const words = readWords(Object.values<Flag<unknown>>(definition.flags), argv);
  if (words.kind !== "words") return words;
  const complaint = complaintAbout(words, definition.operands);
  if (complaint !== undefined) return wrong(complaint);
  const read: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries<Flag<unknown>>(definition.flags)) {
    const texts = words.texts.get(flag.flag) ?? (flag.defaultText === undefined ? [] : [flag.defaultText]);
    const parsed = flag.parse(texts);
    if (parsed.kind === "wrong")
      return wrong(`--${flag.flag} needs ${parsed.needs}, not "${texts.at(-1) ?? ""}"`);
    read[name] = parsed.value;
  }
  // The loop above has read a value of the right type for each name of the table.
  const flags = read as Values;
  return { kind: "asked", asked: { flags, operands: words.operands, commandLine: words.commandLine } };
}

interface Words {
  readonly kind: "words";
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
  readonly commandLine: readonly string[];
}

function readWords(
  flags: readonly Flag<unknown>[],
  argv: readonly string[],
): Words | Extract<ParsedFlags<never>, { kind: "help" | "wrong" }> {
  const end = argv.indexOf("--");
  const ours = end === -1 ? argv : argv.slice(0, end);
  const texts = new Map<string, string[]>();
  const operands: string[] = [];
  for (const token of tokenize(flags, ours)) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    if (token.name === "help") return { kind: "help" };
    const found = findFlag(flags, token.name);
    if (found === undefined) return wrong(`unknown flag ${token.rawName}; --help lists them`);
    const text = found.negated ? negated(token.value) : (token.value ?? impliedText(found.flag));
    if (text === undefined)
      return wrong(`${token.rawName} ${found.negated ? "takes no value" : "needs a value"}`);
    texts.set(found.flag.flag, [...(texts.get(found.flag.flag) ?? []), text]);
  }
  return { kind: "words", texts, operands, commandLine: end === -1 ? [] : argv.slice(end + 1) };
}

/** Not strict: what is wrong is told in our own one line. */
function tokenize(flags: readonly Flag<unknown>[], argv: readonly string[]): readonly Token[] {
  const options: Record<string, { type: "boolean" | "string"; short?: string }> = {
    help: { type: "boolean", short: "h" },
  };
  for (const { flag, short, placeholder } of flags) {
    const type = placeholder === undefined ? "boolean" : "string";
    options[flag] = short === undefined ? { type } : { type, short };
  }
  return parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true }).tokens;
}

type Token =
  | {
      readonly kind: "option";
      readonly name: string;
      readonly rawName: string;
      readonly value: string | undefined;
    }
  | { readonly kind: "positional"; readonly value: string }
  | { readonly kind: "option-terminator" };

function findFlag(
  flags: readonly Flag<unknown>[],
  name: string,
): { readonly flag: Flag<unknown>; readonly negated: boolean } | undefined {
  for (const flag of flags) {
    if (flag.flag === name) return { flag, negated: false };
    if (flag.placeholder === undefined && `no-${flag.flag}` === name) return { flag, negated: true };
  }
  return undefined;
}

function impliedText(flag: Flag<unknown>): string | undefined {
  return flag.placeholder === undefined ? "true" : undefined;
}

function negated(text: string | undefined): string | undefined {
  return text === undefined ? "false" : undefined;
}

function complaintAbout(words: Words, { min, max, commandLine, missing }: Operands): string | undefined {
  const extra = words.operands[max];
  if (extra !== undefined)
    return commandLine
      ? `unexpected argument "${extra}"; the command to run stands behind --`
      : `unexpected argument "${extra}"`;
  if (words.operands.length < min) return `${missing ?? "the name of a lease"} is missing`;
  if (commandLine && words.commandLine.length === 0)
    return "the command to run is missing; it stands behind --";
  if (!commandLine && words.commandLine.length > 0)
    return `unexpected argument "${words.commandLine[0] ?? ""}"`;
  return undefined;
}

function wrong(line: string): { readonly kind: "wrong"; readonly line: string } {
  return { kind: "wrong", line };
}
