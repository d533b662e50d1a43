import { equalNodes, JsonNode, nodeText, type JsonItems, type JsonMembers } from "./json-node.ts";
import type { PatchRefusal } from "./outcome.ts";
import { limits } from "../../limits.ts";

export type TextPatchOutcome = { readonly kind: "patched"; readonly text: string } | PatchRefusal;

/**
 * Applies a JSON patch (RFC 6902) to a document, both as JSON text that has been checked to be such. As in
 * kube-apiserver, a negative index counts from the end, `replace` and `add` of a missing member of an object are the
 * same, and a failed operation fails the whole.
 */
export function applyJsonPatch(document: string, operations: readonly Operation[]): TextPatchOutcome {
  const { jsonPatchOperationsMax } = limits;
  if (operations.length > jsonPatchOperationsMax) {
    const message = `The allowed maximum operations in a JSON patch is ${jsonPatchOperationsMax}, got ${operations.length}`;
    return { kind: "too-large", message };
  }
  const target: Target = { root: JsonNode.parse(document), copiedBytes: 0 };
  for (const operation of operations) {
    const problem = run(target, operation);
    if (problem !== undefined) return { kind: "unprocessable", reason: problem };
  }
  return { kind: "patched", text: nodeText(target.root) };
}

/** An operation by its members, each still JSON; undefined where it has `null`. Not an object: it has none. */
export type Operation = ReadonlyMap<string, JsonNode | undefined>;

/** The operations of a patch that has been checked to be an array of objects, or `null`, which has none. */
export function readOperations(patch: string): readonly Operation[] {
  return (JsonNode.parse(patch)?.items() ?? []).map((node) => node?.members() ?? new Map<string, JsonNode>());
}

interface Target {
  root: JsonNode | undefined;
  copiedBytes: number;
}

/** What is wrong with the operation, undefined when it is done. */
type Problem = string | undefined;

function run(target: Target, operation: Operation): Problem {
  const op = textOf(operation, "op") ?? "unknown";
  switch (op) {
    case "add":
      return atPath(target, textOf(operation, "path"), (place) => add(place, operation.get("value")));
    case "remove":
      return atPath(target, textOf(operation, "path"), remove);
    case "replace":
      return replace(target, operation);
    case "move":
      return move(target, operation);
    case "copy":
      return copy(target, operation);
    case "test":
      return test(target, operation);
    default:
      return `Unexpected kind: ${op}`;
  }
}

/** The member of an object or item of an array at the end of a path. */
type Place =
  | { readonly members: JsonMembers; readonly key: string }
  | { readonly items: JsonItems; readonly key: string };

function atPath(target: Target, path: string | undefined, act: (place: Place) => Problem): Problem {
  if (path === undefined) return "operation missing path field: missing value";
  const place = find(target.root, path);
  return place === undefined ? `doc is missing path: "${path}": missing value` : act(place);
}

function find(root: JsonNode | undefined, path: string): Place | undefined {
  const steps = path.split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const key = steps.pop();
  if (key === undefined || steps.shift() === undefined) return undefined;
  let node: JsonNode | undefined = root;
  for (const step of steps) {
    const place = node && placeIn(node, step);
    const found: Found = place === undefined ? missing(step) : get(place);
    node = found.kind === "found" ? found.node : undefined;
  }
  return node && placeIn(node, key);
}

function placeIn(node: JsonNode, key: string): Place | undefined {
  const members = node.members();
  if (members !== undefined) return { members, key };
  const items = node.items();
  return items && { items, key };
}

type Found =
  | { readonly kind: "found"; readonly node: JsonNode | undefined }
  | { readonly kind: "missing"; readonly problem: string };

/** A member that an object lacks is `null`, as far as reading goes. */
function get(place: Place): Found {
  if ("members" in place) return { kind: "found", node: place.members.get(place.key) };
  const index = indexOf(place.key, place.items.length);
  return index === undefined || index >= place.items.length
    ? missing(place.key)
    : { kind: "found", node: place.items[index] };
}

function add(place: Place, value: JsonNode | undefined): Problem {
  if ("members" in place) {
    place.members.set(place.key, value);
    return undefined;
  }
  const index = place.key === "-" ? place.items.length : indexOf(place.key, place.items.length + 1);
  if (index === undefined || index > place.items.length)
    return `Unable to access invalid index: ${place.key}`;
  place.items.splice(index, 0, value);
  return undefined;
}

function remove(place: Place): Problem {
  if ("members" in place) {
    return place.members.delete(place.key) ? undefined : `Unable to remove nonexistent key: ${place.key}`;
  }
  const found = get(place);
  if (found.kind === "missing") return found.problem;
  place.items.splice(indexOf(place.key, place.items.length) ?? 0, 1);
  return undefined;
}

function replace(target: Target, operation: Operation): Problem {
  const path = textOf(operation, "path");
  const value = operation.get("value");
  if (path === "") return replaceRoot(target, value);
  return atPath(target, path, (place) => {
    const found = get(place);
    if (found.kind === "missing") return found.problem;
    if ("members" in place) place.members.set(place.key, value);
    else place.items[indexOf(place.key, place.items.length) ?? 0] = value;
    return undefined;
  });
}

function replaceRoot(target: Target, value: JsonNode | undefined): Problem {
  if (value?.members() === undefined && value?.items() === undefined) {
    return "replace operation value must be object or array";
  }
  target.root = value;
  return undefined;
}

function move(target: Target, operation: Operation): Problem {
  let moved: JsonNode | undefined;
  const problem = atPath(target, textOf(operation, "from"), (place) => {
    const found = get(place);
    if (found.kind === "missing") return found.problem;
    moved = found.node;
    return remove(place);
  });
  return problem ?? atPath(target, textOf(operation, "path"), (place) => add(place, moved));
}

/** Copies count towards a bound, because a few of them double a document again and again. */
function copy(target: Target, operation: Operation): Problem {
  let text = "null";
  const problem = atPath(target, textOf(operation, "from"), (place) => {
    const source = get(place);
    if (source.kind === "missing") return source.problem;
    text = nodeText(source.node);
    return undefined;
  });
  if (problem !== undefined) return problem;
  return atPath(target, textOf(operation, "path"), (place) => {
    if (text !== "null") target.copiedBytes += Buffer.byteLength(text);
    const { jsonPatchCopyBytesMax } = limits;
    if (target.copiedBytes > jsonPatchCopyBytesMax) {
      return `the accumulated size increase of copy is ${target.copiedBytes}, exceeding the limit ${jsonPatchCopyBytesMax}`;
    }
    return add(place, JsonNode.parse(text));
  });
}

function test(target: Target, operation: Operation): Problem {
  const path = textOf(operation, "path");
  const value = operation.get("value");
  const failed = `testing value ${path} failed: test failed`;
  if (path === "") return equalNodes(target.root, value) ? undefined : failed;
  return atPath(target, path, (place) => {
    const found = get(place);
    if (found.kind === "missing") return found.problem;
    return equalNodes(found.node, value) ? undefined : failed;
  });
}

/** The index that a step names; undefined when it names none. */
function indexOf(key: string, length: number): number | undefined {
  if (!/^[+-]?\d+$/.test(key)) return undefined;
  const index = Number(key);
  if (index >= 0) return index;
  return index < -length ? undefined : index + length;
}

function missing(key: string): Extract<Found, { kind: "missing" }> {
  return { kind: "missing", problem: `Unable to access invalid index: ${key}` };
}

function textOf(operation: Operation, name: string): string | undefined {
  return operation.get(name)?.string();
}
