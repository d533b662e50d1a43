import type { Flag } from "./flag.ts";

/** `--force`, with what it does to what is there already. */
export function forceFlag(help: string): Flag<boolean> {
  return {
    flag: "force",
    placeholder: undefined,
    help,
    defaultText: "false",
    repeats: false,
    parse(texts) {
      const text = texts.at(-1);
      if (text === "true" || text === "false") return { kind: "value", value: text === "true" };
      return { kind: "wrong", needs: "true or false" };
    },
  };
}
