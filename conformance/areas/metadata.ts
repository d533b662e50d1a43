import { type ConformanceCase, table } from "../case.ts";
import { invalidValue, keyRule, labelValueRule } from "../vocabulary/field-rules.ts";
import { created, lease, storedLease } from "../vocabulary/leases.ts";
import { invalid } from "../vocabulary/statuses.ts";
import type { Expected } from "../wire/answer.ts";

const uid = "11111111-1111-4111-8111-111111111111";
const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid };

export const metadataCases: readonly ConformanceCase[] = [
  table("labels have names with or without a prefix and short values", {
    rows: [
      [
        "POST leases",
        { json: lease("a", undefined, { labels: { key: "", "example.com/Key_1": "v.1" } }) },
        created(storedLease("a", {}, { labels: { key: "", "example.com/Key_1": "v.1" } })),
      ],
      [
        "POST leases",
        { json: lease("b", undefined, { labels: { "bad key": "v" } }) },
        badMetadata("b", "labels", invalidValue("bad key", keyRule)),
      ],
      [
        "POST leases",
        { json: lease("b", undefined, { labels: { key: "bad value" } }) },
        badMetadata("b", "labels", invalidValue("bad value", labelValueRule)),
      ],
      [
        "POST leases",
        { json: lease("b", undefined, { labels: { key: "v".repeat(64) } }) },
        badMetadata("b", "labels", invalidValue("v".repeat(64), "must be no more than 63 bytes")),
      ],
    ],
  }),
  table("annotations hold any text, 256 KiB of keys and values in all", {
    rows: [
      ["POST leases", { json: annotated("a", { k: "x".repeat(262_143) }) }, created()],
      [
        "POST leases",
        { json: annotated("b", { a: "x".repeat(131_072), b: "y".repeat(131_070) }) },
        created(),
      ],
      [
        "POST leases",
        { json: annotated("c", { k: "x".repeat(262_144) }) },
        badMetadata("c", "annotations", "Too long: may not be more than 262144 bytes"),
      ],
      [
        "POST leases",
        { json: annotated("d", { "bad key": "x" }) },
        badMetadata("d", "annotations", invalidValue("bad key", keyRule)),
      ],
      [
        "POST leases",
        { json: annotated("e", { "Example.COM/Key": "v" }) },
        created(storedLease("e", {}, { annotations: { "Example.COM/Key": "v" } })),
      ],
    ],
  }),
  table("finalizers are qualified names", {
    rows: [
      [
        "POST leases",
        { json: lease("a", undefined, { finalizers: ["example.com/one", "plain", "kubernetes"] }) },
        created(storedLease("a", {}, { finalizers: ["example.com/one", "plain", "kubernetes"] })),
      ],
      [
        "POST leases",
        { json: lease("b", undefined, { finalizers: ["bad name"] }) },
        badMetadata("b", "finalizers", invalidValue("bad name", keyRule)),
      ],
      [
        "POST leases",
        { json: lease("b", undefined, { finalizers: ["example.com/"] }) },
        invalid(
          { name: "b" },
          [
            "FieldValueInvalid",
            "metadata.finalizers",
            invalidValue("example.com/", "name part must be non-empty"),
          ],
          ["FieldValueInvalid", "metadata.finalizers", invalidValue("example.com/", keyRule)],
        ),
      ],
    ],
  }),
  table("an owner is named whole, and one alone controls", {
    rows: [
      [
        "POST leases",
        { json: lease("a", undefined, { ownerReferences: [{ ...owner, controller: true }] }) },
        created(storedLease("a", {}, { ownerReferences: [{ ...owner, controller: true }] })),
      ],
      [
        "POST leases",
        { json: lease("b", undefined, { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p" }] }) },
        badMetadata("b", "ownerReferences.uid", 'Invalid value: "": must not be empty'),
      ],
      [
        "POST leases",
        {
          json: lease("b", undefined, {
            ownerReferences: [
              { ...owner, controller: true },
              { ...owner, name: "q", controller: true },
            ],
          }),
        },
        badMetadata(
          "b",
          "ownerReferences",
          `Invalid value: ${JSON.stringify([
            { ...owner, controller: true },
            { ...owner, name: "q", controller: true },
          ])}: Only one reference can have Controller set to true. Found "true" in references for Pod/p and Pod/q`,
        ),
      ],
    ],
  }),
];

function annotated(name: string, annotations: Readonly<Record<string, string>>): object {
  return lease(name, undefined, { annotations });
}

function badMetadata(name: string, field: string, message: string): Expected {
  const reason = message.startsWith("Too long") ? "FieldValueTooLong" : "FieldValueInvalid";
  return invalid({ name }, [reason, `metadata.${field}`, message]);
}
