import type { Flag, Parsed } from "./flag.ts";
import { parseBoolean, value } from "./flag-values.ts";

interface Row {
  readonly flag: string;
  readonly short?: string;
  readonly help: string;
}

interface ValueRow extends Row {
  readonly placeholder: string;
}

export function switchFlag(row: Row & { readonly defaultText?: "true" | "false" }): Flag<boolean> {
  return {
    placeholder: undefined,
    defaultText: "false",
    repeats: false,
    ...row,
    parse: (texts) => parseBoolean(texts.at(-1) ?? ""),
  };
}

/** A flag whose absence means nothing; the last one wins, as in other command lines. */
export function maybeFlag<Value>(
  row: ValueRow,
  parse: (text: string) => Parsed<Value>,
): Flag<Value | undefined> {
  return {
    ...row,
    defaultText: undefined,
    repeats: false,
    parse(texts) {
      const text = texts.at(-1);
      return text === undefined ? value(undefined) : parse(text);
    },
  };
}
export function valueFlag<Value>(
  row: ValueRow & { readonly defaultText: string },
  parse: (text: string) => Parsed<Value>,
): Flag<Value> {
  return { ...row, repeats: false, parse: (texts) => parse(texts.at(-1) ?? row.defaultText) };
}
