import type { FieldError } from "../field-error.ts";
import type { Kind } from "../kind.ts";
import { metadataField } from "../meta/object-meta.ts";
import { message, type ValueOf } from "../schema.ts";
import { forbidden, invalidValue } from "../validation/field-errors.ts";
import { validateLeaseStrategy } from "../validation/lease-strategy.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../validation/object-meta.ts";
import { asItIs } from "./as-it-is.ts";
import { ageColumn, nameColumn, textColumn } from "./columns.ts";
import { namespacedFields } from "./selectable-fields.ts";

const coordinationPackage = "io.k8s.api.coordination.v1";

/** What a Lease says: who holds it, since when, for how long. */
export const leaseSpec = message({
  name: "LeaseSpec",
  package: coordinationPackage,
  description: "Who holds the lease, since when and for how long.",
  fields: [
    {
      name: "holderIdentity",
      number: 1,
      type: "string",
      presence: "pointer",
      description:
        "Identity of the present holder; empty or absent when nobody holds the lease. With coordinated election it is the name of the elected LeaseCandidate.",
    },
    {
      name: "leaseDurationSeconds",
      number: 2,
      type: "int32",
      presence: "pointer",
      description:
        "Seconds that a candidate must wait, after it last saw the lease change, before it may take it. Greater than 0.",
    },
    {
      name: "acquireTime",
      number: 3,
      type: "microTime",
      presence: "pointer",
      description: "When the present holder took the lease, by its own clock.",
    },
    {
      name: "renewTime",
      number: 4,
      type: "microTime",
      presence: "pointer",
      description: "When the present holder last renewed the lease, by its own clock.",
    },
    {
      name: "leaseTransitions",
      number: 5,
      type: "int32",
      presence: "pointer",
      description: "How often the lease went from one holder to another.",
    },
    {
      name: "strategy",
      number: 6,
      type: "string",
      errorType: "v1.CoordinatedLeaseStrategy",
      presence: "pointer",
      description:
        "How a coordinated election picks the holder. Absent: candidates take the lease by themselves.",
    },
    {
      name: "preferredHolder",
      number: 7,
      type: "string",
      presence: "pointer",
      description:
        "Tells the holder that this candidate suits better and that it should give the lease up. Only together with strategy.",
    },
  ],
});

/** A claim to lead, or a sign of life. */
export const leaseTable = message({
  name: "Lease",
  package: coordinationPackage,
  description:
    "A claim that one holder has for a bounded time: the ground of leader elections and heartbeats.",
  fields: [
    metadataField,
    {
      name: "spec",
      number: 2,
      type: leaseSpec,
      presence: "always",
      default: {},
      description: "Who holds the lease, since when and for how long.",
    },
  ],
});

export type LeaseSpec = ValueOf<typeof leaseSpec>;
export type Lease = ValueOf<typeof leaseTable> & {
  readonly apiVersion: "coordination.k8s.io/v1";
  readonly kind: "Lease";
};

export const leaseKind: Kind<Lease> = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  singular: "lease",
  shortNames: [],
  categories: [],
  scope: "namespaced",
  verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
  table: leaseTable,
  storage: { prefix: "leases", apiVersion: "coordination.k8s.io/v1", versionHash: "gqkMMb/YqFM=" },
  rules: {
    name: "subdomain",
    createOnUpdate: true,
    unconditionalUpdate: false,
    withDefaults: asItIs,
    prepareForCreate: asItIs,
    prepareForUpdate: asItIs,
    canonicalize: asItIs,
    validate: ({ metadata, spec }) => [
      ...validateObjectMeta(metadata, { scope: "namespaced", name: "subdomain" }),
      ...validateSpec(spec),
    ],
    validateUpdate: ({ metadata, spec }, old) => [
      ...validateObjectMetaUpdate(metadata, old.metadata),
      ...validateSpec(spec),
    ],
  },
  selectableFields: namespacedFields,
  columns: [
    nameColumn,
    textColumn(
      {
        name: "Holder",
        description:
          "holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field.",
      },
      ({ spec }) => spec.holderIdentity ?? "",
    ),
    ageColumn,
  ],
  subresources: [],
  resetFields: [],
  returnsDeleted: false,
};

function validateSpec(spec: LeaseSpec): readonly FieldError[] {
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder = "" } = spec;
  const errors: FieldError[] = [];
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    const because = "must be greater than 0";
    errors.push(invalidValue("spec.leaseDurationSeconds", { found: leaseDurationSeconds, because }));
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    const because = "must be greater than or equal to 0";
    errors.push(invalidValue("spec.leaseTransitions", { found: leaseTransitions, because }));
  }
  if (strategy !== undefined) errors.push(...validateLeaseStrategy(strategy));
  if (preferredHolder !== "" && (strategy ?? "") === "") {
    errors.push(forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined"));
  }
  return errors;
}
