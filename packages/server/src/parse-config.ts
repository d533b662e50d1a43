import { parseArgs } from "node:util";
import { type Config, type Setting, settings } from "./config.ts";

export type ParsedConfig =
  | { readonly kind: "config"; readonly config: Config }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  /** One line for the person at the keyboard, without the program's name. */
  | { readonly kind: "wrong"; readonly line: string };

/** Reads the settings from the command line, else from the environment, else from the table's defaults. */
export function parseConfig(argv: readonly string[], env: Environment): ParsedConfig {
  const flags = readFlags(argv);
  if (flags.kind !== "flags") return flags;
  const read: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting<unknown>>(settings)) {
    const source = sourceOf(setting, flags.texts, env);
    const parsed = setting.parse(source.texts);
    if (parsed.kind === "wrong")
      return wrong(`${source.name} needs ${parsed.needs}, not "${source.texts.at(-1) ?? ""}"`);
    read[name] = parsed.value;
  }
  return checkTogether(read as unknown as Config);
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** `--help`, without its first lines: a line for each setting, its twin in the environment and its default. */
export function describeSettings(): string {
  const rows = Object.values<Setting<unknown>>(settings).map((setting) => {
    const flag = `--${setting.flag}${setting.placeholder === undefined ? "[=true|false]" : ` ${setting.placeholder}`}`;
    const fallback = setting.defaultText === undefined ? "" : ` (default ${setting.defaultText})`;
    return `  ${flag}\n      ${setting.help}${fallback} [$${variableOf(setting)}]`;
  });
  return `${rows.join("\n")}\n`;
}

function variableOf(setting: Setting<unknown>): string {
  return `LEASEHOLD_${setting.flag.replaceAll("-", "_").toUpperCase()}`;
}

/** An empty variable counts as unset: that is how a shell or a container unsets one. */
function sourceOf(
  setting: Setting<unknown>,
  flags: ReadonlyMap<string, readonly string[]>,
  env: Environment,
) {
  const fromFlag = flags.get(setting.flag);
  if (fromFlag !== undefined) return { name: `--${setting.flag}`, texts: fromFlag };
  const variable = variableOf(setting);
  const fromEnvironment = env[variable] ?? "";
  if (fromEnvironment !== "") return { name: variable, texts: [fromEnvironment] };
  return { name: `--${setting.flag}`, texts: setting.defaultText === undefined ? [] : [setting.defaultText] };
}

type Flags =
  | { readonly kind: "flags"; readonly texts: ReadonlyMap<string, readonly string[]> }
  | Exclude<ParsedConfig, { kind: "config" }>;

function readFlags(argv: readonly string[]): Flags {
  const known = new Map(Object.values<Setting<unknown>>(settings).map((setting) => [setting.flag, setting]));
  const texts = new Map<string, string[]>();
  for (const written of tokenize(argv)) {
    const token = withoutNo(written, known);
    if (token.kind === "positional")
      return wrong(`unexpected argument "${token.value}"${hintFor(token.value)}`);
    if (token.kind === "option-terminator") continue;
    if (token.name === "help" || token.name === "h") return { kind: "help" };
    if (token.name === "version") return { kind: "version" };
    const setting = known.get(token.name);
    if (setting === undefined) return wrong(`unknown flag ${token.rawName}; --help lists them`);
    const text = token.value ?? (setting.placeholder === undefined ? "true" : undefined);
    if (text === undefined) return wrong(`${token.rawName} needs a value`);
    texts.set(token.name, [...(texts.get(token.name) ?? []), text]);
  }
  return { kind: "flags", texts };
}

/** `--no-x` is `--x=false` for a switch `x`. */
function withoutNo(token: Token, known: ReadonlyMap<string, Setting<unknown>>): Token {
  if (token.kind !== "option" || token.value !== undefined || !token.name.startsWith("no-")) return token;
  const name = token.name.slice("no-".length);
  const setting = known.get(name);
  return setting === undefined || setting.placeholder !== undefined
    ? token
    : { ...token, name, value: "false" };
}

/** Not strict: what is wrong is told in our own one line. */
function tokenize(argv: readonly string[]): readonly Token[] {
  const options: Record<string, { type: "boolean" | "string"; short?: string }> = {
    help: { type: "boolean", short: "h" },
    version: { type: "boolean" },
  };
  for (const { flag, placeholder } of Object.values<Setting<unknown>>(settings)) {
    options[flag] = { type: placeholder === undefined ? "boolean" : "string" };
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

function hintFor(argument: string): string {
  return argument === "true" || argument === "false" ? `; write --flag=${argument}` : "";
}

function checkTogether(config: Config): ParsedConfig {
  if ((config.tlsCertFile === undefined) !== (config.tlsPrivateKeyFile === undefined))
    return wrong("--tls-cert-file and --tls-private-key-file need each other");
  if ((config.etcdCertFile === undefined) !== (config.etcdKeyFile === undefined))
    return wrong("--etcd-certfile and --etcd-keyfile need each other");
  if ((config.store === "etcd") !== config.etcdServers.length > 0)
    return wrong("--store etcd and --etcd-servers need each other");
  return { kind: "config", config };
}

function wrong(line: string): Extract<ParsedConfig, { kind: "wrong" }> {
  return { kind: "wrong", line };
}
