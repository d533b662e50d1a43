import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, namespaceKind, StatusError } from "@leasehold/api";
import { requestedKeyOf } from "./target.ts";

const names: readonly (readonly [name: string, outcome: string])[] = [
  ["a", "/registry/leases/default/a"],
  ["Not_a_name", "/registry/leases/default/Not_a_name"],
  ["...", "/registry/leases/default/..."],
  [".", `Name parameter invalid: ".": may not be '.'`],
  ["..", `Name parameter invalid: "..": may not be '..'`],
  ["a%b", `Name parameter invalid: "a%b": may not contain '%'`],
  ["a/b%", `Name parameter invalid: "a/b%": may not contain '/';may not contain '%'`],
];

test("a name is part of a key when it can be a segment of a path", () => {
  for (const [name, outcome] of names) {
    assert.equal(keyOrRefusal(name), outcome);
  }
});

test("keys of cluster scope have no namespace", () => {
  assert.equal(
    requestedKeyOf({ kind: namespaceKind, namespace: "", name: "default" }),
    "/registry/namespaces/default",
  );
});

function keyOrRefusal(name: string): string {
  try {
    return requestedKeyOf({ kind: leaseKind, namespace: "default", name });
  } catch (error) {
    assert.ok(error instanceof StatusError);
    assert.equal(error.status.code, 400);
    return error.message;
  }
}
