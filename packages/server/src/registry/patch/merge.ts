import { JsonNode, nodeText, type JsonMembers } from "./json-node.ts";
import type { TextPatchOutcome } from "./json.ts";

/**
 * Applies a merge patch (RFC 7386) to a document, both as JSON text that has been checked to be such. A patch that is
 * an array takes the document's place; one that is neither object nor array is no merge patch.
 */
export function applyMergePatch(document: string, patch: string): TextPatchOutcome {
  const target = JsonNode.parse(document);
  const change = JsonNode.parse(patch);
  const members = change?.members();
  const into = target?.members();
  if (members !== undefined && into !== undefined) {
    mergeMembers(into, members);
    return { kind: "patched", text: nodeText(target) };
  }
  if (change?.items() === undefined) return { kind: "bad-request", message: "Invalid JSON Patch" };
  pruneNulls(change);
  return { kind: "patched", text: nodeText(change) };
}

function mergeMembers(into: JsonMembers, change: JsonMembers): void {
  for (const [key, value] of change) {
    if (value === undefined) into.delete(key);
    else into.set(key, merged(into.get(key), value));
  }
}

function merged(old: JsonNode | undefined, value: JsonNode): JsonNode {
  const into = old?.members();
  const members = value.members();
  if (old === undefined || into === undefined) pruneNulls(value);
  else if (members !== undefined) {
    mergeMembers(into, members);
    return old;
  }
  return value;
}

/** `null` removes a member; where there is nothing to remove it is left out. In arrays it is a value. */
function pruneNulls(node: JsonNode): void {
  const rest: (JsonNode | undefined)[] = [node];
  while (rest.length > 0) {
    const next = rest.pop();
    if (next?.isPlainArray() === true) continue;
    const members = next?.members();
    for (const [key, value] of members ?? []) {
      if (value === undefined) members?.delete(key);
      else rest.push(value);
    }
    for (const item of next?.items() ?? []) rest.push(item);
  }
}
