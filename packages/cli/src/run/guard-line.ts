import { limits } from "../limits.ts";
import type { Deadlines } from "./deadlines.ts";

/** What a supervisor tells its guard. */
export type GuardLine =
  /** From now on this group is guarded. Answered with `guarding ID`. */
  | { readonly kind: "group"; readonly id: number }
  | { readonly kind: "until"; readonly deadlines: Deadlines }
  /** The supervisor has told the command to end itself; only the kill is left. */
  | { readonly kind: "stopping"; readonly killAtMs: number }
  /** The group is gone; there is nobody to guard. */
  | { readonly kind: "over" };

export function writeGuardLine(line: GuardLine): string {
  switch (line.kind) {
    case "group":
      return `group ${line.id}\n`;
    case "until":
      return `until ${line.deadlines.stopAtMs} ${line.deadlines.killAtMs}\n`;
    case "stopping":
      return `stopping ${line.killAtMs}\n`;
    case "over":
      return "over\n";
  }
}

/** Undefined for what no supervisor writes, such as the half of a line before its death. */
export function readGuardLine(text: string): GuardLine | undefined {
  if (text.length > limits.guardLineCharactersMax) return undefined;
  const [word, ...rest] = text.split(" ");
  const [first = Number.NaN, second = Number.NaN] = rest.map(Number);
  if (word === "over") return { kind: "over" };
  if (word === "group" && first > 1) return { kind: "group", id: first };
  if (word === "stopping" && Number.isFinite(first)) return { kind: "stopping", killAtMs: first };
  if (word === "until" && Number.isFinite(first) && Number.isFinite(second))
    return { kind: "until", deadlines: { stopAtMs: first, killAtMs: second } };
  return undefined;
}
