import { compareText, quote } from "@leasehold/api";
import { pathsOf, type FieldSet } from "../managed-fields/field-set.ts";
import type { Manager, Managers } from "../managed-fields/managers.ts";
import { printPath, type Path } from "../managed-fields/path-element.ts";

/** A cause of the refusal, as the client reads it. */
export interface ApplyConflict {
  /** `.spec.holderIdentity` */
  readonly field: string;
  /** `conflict with "one"` */
  readonly message: string;
}

/** A field that an apply would change and another manager owns. */
export interface Conflict {
  readonly path: Path;
  readonly field: string;
  /** The other manager, in words: `"one"`, `"two" using coordination.k8s.io/v1`. */
  readonly with: string;
}

/** The conflicts, grouped by manager; managers in the order of their identifiers. */
export function listConflicts(managers: Managers, sets: ReadonlyMap<string, FieldSet>): readonly Conflict[] {
  const identifiers = [...sets.keys()].toSorted(compareText);
  return identifiers.flatMap((identifier) => {
    const manager = managers.get(identifier);
    const set = sets.get(identifier);
    if (manager === undefined || set === undefined) return [];
    const other = describeManager(manager);
    return [...pathsOf(set)].map((path) => ({ path, field: printPath(path), with: other }));
  });
}

/** One conflict on a line, several as a list for each manager. */
export function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1 && first !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${first.with}: ${first.field}`;
  }
  const lines: string[] = [];
  let last: string | undefined;
  for (const conflict of conflicts) {
    if (conflict.with !== last) lines.push(`conflicts with ${conflict.with}:`);
    lines.push(`- ${conflict.field}`);
    last = conflict.with;
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

function describeManager({ manager, operation, apiVersion, subresource }: Manager): string {
  const name =
    subresource === "" ? quote(manager) : `${quote(manager)} with subresource ${quote(subresource)}`;
  return operation === "Update" ? `${name} using ${apiVersion}` : name;
}
