import { compareText } from "@leasehold/api";
import { limits } from "../../limits.ts";
import { union } from "./field-set.ts";
import { identifierOf, type Manager, type Managers } from "./managers.ts";

/**
 * Keeps the entries of updates within their bound: the oldest are merged, for each version, into one entry that is
 * called `ancient-changes`. The first of a version is renamed only when a second follows it, so that one old entry
 * alone keeps its name.
 */
export function capManagers(managers: Managers): Managers {
  const updaters = [...managers].filter(([, manager]) => manager.operation === "Update").toSorted(byAge);
  let count = updaters.length;
  if (count <= limits.updateManagersMax) return managers;
  const out = new Map(managers);
  const firstOfVersion = new Map<string, string>();
  for (const [identifier, manager] of updaters) {
    if (count <= limits.updateManagersMax) break;
    const first = firstOfVersion.get(manager.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(manager.apiVersion, identifier);
    } else {
      pour(out, { first, identifier, manager });
      count--;
    }
  }
  return out;
}

/** Merges one more entry into the bucket of its version, which begins as the first entry of that version. */
function pour(
  managers: Map<string, Manager>,
  { first, identifier, manager }: { first: string; identifier: string; manager: Manager },
): void {
  const name = {
    manager: "ancient-changes",
    operation: "Update",
    apiVersion: manager.apiVersion,
    subresource: "",
  } as const;
  const bucket = identifierOf(name);
  const there = managers.get(bucket) ?? managers.get(first);
  if (!managers.has(bucket)) managers.delete(first);
  const set = there === undefined ? manager.set : union(manager.set, there.set);
  managers.set(bucket, { ...name, set, time: manager.time });
  managers.delete(identifier);
}

function byAge([aId, a]: readonly [string, Manager], [bId, b]: readonly [string, Manager]): number {
  return compareText(a.time ?? "", b.time ?? "") || compareText(aId, bId);
}
