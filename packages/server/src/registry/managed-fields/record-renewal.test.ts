import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, type ApiObject } from "@leasehold/api";
import * as fc from "fast-check";
import { recordRenewal } from "./record-renewal.ts";
import { recordUpdate, type UpdateRecord } from "./record-update.ts";

const times = fc.constantFrom("2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:01.000000Z");
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 6 });
const spec = fc.record({
  holderIdentity: maybe(fc.constantFrom("a", "b", "")),
  renewTime: maybe(times),
  leaseTransitions: maybe(fc.constantFrom(0, 1)),
});
const labels = maybe(fc.constantFrom<Record<string, string>>({ a: "1" }, { a: "1", b: "2" }));
const content = fc.record({ spec, labels, finalizers: maybe(fc.constant(["e.com/1"])) });
const write = fc.record({
  content,
  manager: fc.constantFrom("one", "two"),
  subresource: fc.constantFrom("", "", "status"),
});

/** Every write of a history, in order, as it was recorded. */
function history(
  writes: readonly (typeof write extends fc.Arbitrary<infer W> ? W : never)[],
): readonly UpdateRecord[] {
  const records: UpdateRecord[] = [];
  let old: ApiObject | undefined;
  for (const [i, { content, manager, subresource }] of writes.entries()) {
    const metadata = { name: "a", uid: old === undefined ? undefined : "u", resourceVersion: String(i) };
    const object: ApiObject = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { ...metadata, labels: content.labels, finalizers: content.finalizers },
      spec: content.spec,
    };
    const now = `2026-01-01T00:00:${String(i % 3).padStart(2, "0")}Z`;
    const record: UpdateRecord = { kind: leaseKind, old, object, manager, subresource, now };
    records.push(record);
    const recorded = recordTheLongWay(record);
    old = { ...recorded, metadata: { ...recorded.metadata, uid: "u" } };
  }
  return records;
}

/** A write that resets fields is never taken the short way; nothing has a field of this name. */
function recordTheLongWay(record: UpdateRecord): ApiObject {
  return recordUpdate({ ...record, resetFields: ["nothing"] });
}

test("the short way gives what the long one gives", () => {
  fc.assert(
    fc.property(fc.array(write, { minLength: 2, maxLength: 6 }), (writes) => {
      for (const record of history(writes)) {
        const short = recordRenewal(record);
        if (short !== undefined) assert.deepEqual(short, recordTheLongWay(record));
      }
    }),
  );
});

test("a renewal by the holder takes the short way, whether or not it sends the entries back", () => {
  const held = (renewTime: string): ApiObject => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "a" },
    spec: { holderIdentity: "h", renewTime },
  });
  const writer = { kind: leaseKind, manager: "one", subresource: "" };
  const old = recordUpdate({
    ...writer,
    old: undefined,
    object: held("2026-01-01T00:00:00.000000Z"),
    now: "2026-01-01T00:00:00Z",
  });
  const renewed = held("2026-01-01T00:00:10.000000Z");
  const sentBack = { ...renewed, metadata: structuredClone(old.metadata) };
  for (const object of [renewed, sentBack]) {
    const recorded = recordRenewal({ ...writer, old, object, now: "2026-01-01T00:00:10Z" });
    assert.equal(recorded?.metadata.managedFields?.[0]?.time, "2026-01-01T00:00:10Z");
  }
});

const longWay: readonly { readonly name: string; readonly change: Partial<UpdateRecord> }[] = [
  { name: "another manager", change: { manager: "two" } },
  { name: "a subresource", change: { subresource: "status" } },
  { name: "an object that is new", change: { old: undefined } },
];

for (const { name, change } of longWay) {
  test(`${name} takes the long way`, () => {
    const object: ApiObject = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "a" },
      spec: { holderIdentity: "h" },
    };
    const writer = { kind: leaseKind, manager: "one", subresource: "", now: "2026-01-01T00:00:00Z" };
    const old = recordUpdate({ ...writer, old: undefined, object });
    assert.equal(
      recordRenewal({ ...writer, old, object: { ...object, spec: { holderIdentity: "i" } }, ...change }),
      undefined,
    );
  });
}
