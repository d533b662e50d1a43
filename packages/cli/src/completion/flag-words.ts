import type { Flag } from "../flag.ts";

/** What may stand behind a flag. */
export type FlagValue =
  | { readonly kind: "none" }
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "file" }
  | { readonly kind: "directory" }
  | { readonly kind: "text" };

/** Read from the placeholder: `json|yaml|name` is all there is, FILE is a file, DIR a directory. */
export function valueOf({ placeholder }: Flag<unknown>): FlagValue {
  if (placeholder === undefined) return { kind: "none" };
  if (placeholder.includes("|")) return { kind: "words", words: placeholder.split("|") };
  if (placeholder === "FILE") return { kind: "file" };
  if (placeholder === "DIR") return { kind: "directory" };
  return { kind: "text" };
}

/** `--namespace`, `-n`; of a switch that is on by default its negation. */
export function spellings({ flag, short, placeholder, defaultText }: Flag<unknown>): readonly string[] {
  const long = placeholder === undefined && defaultText === "true" ? [`--no-${flag}`] : [`--${flag}`];
  return short === undefined ? long : [...long, `-${short}`];
}
