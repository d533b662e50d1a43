import type { JsonValue } from "@leasehold/api";
import { goPrint, goText, goType } from "../managed-fields/go-text.ts";
import type { PatchRefusal } from "./outcome.ts";

/** Thrown inside the strategic merge and caught where it begins: a patch that cannot be merged. */
export class StrategicProblem extends Error {
  readonly refusal: PatchRefusal;

  constructor(refusal: PatchRefusal) {
    super(refusal.kind);
    this.refusal = refusal;
  }
}

/** A directive that is not in its form. */
export function badFormat(what: "primitive list" | "retainKeys" | "setElementOrder list"): StrategicProblem {
  return new StrategicProblem({ kind: "bad-request", message: `invalid patch format of ${what}` });
}

export function noListOfLists(): StrategicProblem {
  return new StrategicProblem({ kind: "unprocessable", reason: "lists of lists are not supported" });
}

export function noMergeKey(item: JsonValue, mergeKey: string): StrategicProblem {
  return internal(`map: ${goPrint(item)} does not contain declared merge key: ${mergeKey}`);
}

export function badPatchType(type: JsonValue, map: JsonValue): StrategicProblem {
  return internal(`unknown patch type: ${goText(type)} in map: ${goPrint(map)}`);
}

export function badType(
  expected: "[]interface {}" | "map[string]interface {}",
  value: JsonValue,
): StrategicProblem {
  return internal(`expected a ${expected}, but received a ${value === null ? "%!s(<nil>)" : goType(value)}`);
}

/** What kube-apiserver passes on as it is, and so answers with 500. */
export function internal(message: string): StrategicProblem {
  return new StrategicProblem({ kind: "internal", message });
}
