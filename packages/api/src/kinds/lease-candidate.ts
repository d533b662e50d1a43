import type { FieldError } from "../field-error.ts";
import type { Deprecation, Kind } from "../kind.ts";
import { metadataField } from "../meta/object-meta.ts";
import { message, type MessageTable, type ValueOf } from "../schema.ts";
import { invalidValue, required } from "../validation/field-errors.ts";
import { oldestEmulationVersion, validateLeaseStrategy } from "../validation/lease-strategy.ts";
import { immutable, validateObjectMeta, validateObjectMetaUpdate } from "../validation/object-meta.ts";
import {
  compareSemanticVersions,
  parseSemanticVersion,
  zeroVersion,
} from "../validation/semantic-version.ts";
import { asItIs } from "./as-it-is.ts";
import { ageColumn, nameColumn, textColumn } from "./columns.ts";
import { namespacedFields } from "./selectable-fields.ts";

const leaseCandidateSpec = message({
  name: "LeaseCandidateSpec",
  package: "io.k8s.api.coordination.v1beta1",
  description: "What the candidate stands for, and with what.",
  fields: [
    {
      name: "leaseName",
      number: 1,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description:
        "Name of the Lease that the candidate stands for, in the same namespace. Cannot be changed.",
    },
    {
      name: "pingTime",
      number: 2,
      type: "microTime",
      presence: "pointer",
      description: "When the candidate was last asked for a sign of life. Set by whoever runs the election.",
    },
    {
      name: "renewTime",
      number: 3,
      type: "microTime",
      presence: "pointer",
      description:
        "When the candidate last gave a sign of life. One that gives none after a ping is passed over.",
    },
    {
      name: "binaryVersion",
      number: 4,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "Version of the program, as a semantic version without a leading v.",
    },
    {
      name: "emulationVersion",
      number: 5,
      type: "string",
      presence: "value",
      description:
        "The version that the program behaves as; not after binaryVersion. Needed with the strategy OldestEmulationVersion.",
    },
    {
      name: "strategy",
      number: 6,
      type: "string",
      errorType: "v1.CoordinatedLeaseStrategy",
      presence: "value",
      required: true,
      description: "How the candidate wants the holder to be picked. The newest candidate's wish counts.",
    },
  ],
});

const v1beta1Table = message({
  name: "LeaseCandidate",
  package: "io.k8s.api.coordination.v1beta1",
  description: "Somebody who can hold a Lease, for an election that picks the holder.",
  fields: [
    metadataField,
    {
      name: "spec",
      number: 2,
      type: leaseCandidateSpec,
      presence: "always",
      required: true,
      default: {},
      description: "What the candidate stands for, and with what.",
    },
  ],
});

export type LeaseCandidateSpec = ValueOf<typeof leaseCandidateSpec>;
export type LeaseCandidate = ValueOf<typeof v1beta1Table> & {
  readonly apiVersion: "coordination.k8s.io/v1beta1" | "coordination.k8s.io/v1alpha2";
  readonly kind: "LeaseCandidate";
};

/** The stored version. */
export const leaseCandidateKind: Kind<LeaseCandidate> = {
  ...candidateIn("v1beta1"),
  table: v1beta1Table,
  deprecation: { since: "v1.36", removedIn: "v1.39" },
};

/** The older version, which differs in its name alone. */
export const leaseCandidateV1alpha2Kind: Kind<LeaseCandidate> = {
  ...candidateIn("v1alpha2"),
  table: inPackage(v1beta1Table, "io.k8s.api.coordination.v1alpha2"),
  deprecation: { since: "v1.35", removedIn: "v1.38" },
};

function candidateIn(version: string): Omit<Kind<LeaseCandidate>, "table"> & { deprecation?: Deprecation } {
  return {
    group: "coordination.k8s.io",
    version,
    kind: "LeaseCandidate",
    plural: "leasecandidates",
    singular: "leasecandidate",
    shortNames: [],
    categories: [],
    scope: "namespaced",
    verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    storage: {
      prefix: "leasecandidates",
      apiVersion: "coordination.k8s.io/v1beta1",
      versionHash: "lvME0iHWE20=",
    },
    rules: {
      name: "config-key",
      createOnUpdate: true,
      unconditionalUpdate: false,
      withDefaults: asItIs,
      prepareForCreate: asItIs,
      prepareForUpdate: asItIs,
      canonicalize: asItIs,
      validate: ({ metadata, spec }) => [
        ...validateObjectMeta(metadata, { scope: "namespaced", name: "config-key" }),
        ...validateSpec(spec),
      ],
      validateUpdate: ({ metadata, spec }, old) => [
        ...validateObjectMetaUpdate(metadata, old.metadata),
        ...validateSpec(spec),
        ...validateLeaseName(spec, old.spec),
      ],
    },
    selectableFields: namespacedFields,
    columns: [
      nameColumn,
      textColumn(
        {
          name: "LeaseName",
          description:
            "LeaseName is the name of the lease for which this candidate is contending. This field is immutable.",
        },
        ({ spec }) => spec.leaseName,
      ),
      textColumn({ name: "BinaryVersion", description: "" }, ({ spec }) => spec.binaryVersion),
      textColumn({ name: "EmulationVersion", description: "" }, ({ spec }) => spec.emulationVersion ?? ""),
      ageColumn,
    ],
    subresources: [],
    resetFields: [],
    returnsDeleted: false,
  };
}

/** The same table for another version: the messages of the version's own package move with it. */
function inPackage<M extends MessageTable>(table: M, name: string): M {
  const fields = table.fields.map((field) =>
    typeof field.type === "object" && field.type.package === table.package
      ? { ...field, type: inPackage(field.type, name) }
      : field,
  );
  return { ...table, package: name, fields };
}

function validateSpec(spec: LeaseCandidateSpec): readonly FieldError[] {
  const { leaseName, strategy = "", emulationVersion = "" } = spec;
  const errors: FieldError[] = [];
  if (leaseName === "") errors.push(required("spec.leaseName"));
  errors.push(...validateVersions(spec));
  if (strategy === "") return [...errors, required("spec.strategy")];
  const emulated = parseSemanticVersion(emulationVersion) ?? zeroVersion;
  if (strategy === oldestEmulationVersion && compareSemanticVersions(emulated, zeroVersion) === 0) {
    const because = "must be specified when `strategy` is 'OldestEmulationVersion'";
    errors.push(required("spec.emulationVersion", because));
  }
  return [...errors, ...validateLeaseStrategy(strategy)];
}

/** A version that cannot be read counts as 0.0.0 where the two are compared. */
function validateVersions(spec: LeaseCandidateSpec): readonly FieldError[] {
  const { binaryVersion, emulationVersion = "" } = spec;
  const errors: FieldError[] = [];
  const because = "must be a valid semantic version";
  const emulated = parseSemanticVersion(emulationVersion);
  if (emulationVersion !== "" && emulated === undefined) {
    errors.push(invalidValue("spec.emulationVersion", { found: emulationVersion, because }));
  }
  if (binaryVersion === "") return [...errors, required("spec.binaryVersion")];
  const binary = parseSemanticVersion(binaryVersion);
  if (binary === undefined)
    errors.push(invalidValue("spec.binaryVersion", { found: binaryVersion, because }));
  if (
    emulationVersion !== "" &&
    compareSemanticVersions(binary ?? zeroVersion, emulated ?? zeroVersion) < 0
  ) {
    const because = "must be greater than or equal to `emulationVersion`";
    errors.push(invalidValue("spec.binaryVersion", { found: binaryVersion, because }));
  }
  return errors;
}

function validateLeaseName(
  { leaseName }: LeaseCandidateSpec,
  old: LeaseCandidateSpec,
): readonly FieldError[] {
  if (leaseName === old.leaseName) return [];
  return [invalidValue("spec.leaseName", { found: leaseName, because: immutable })];
}
