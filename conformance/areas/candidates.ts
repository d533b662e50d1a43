import { type ConformanceCase, type Row, table } from "../case.ts";
import { invalidValue } from "../vocabulary/field-rules.ts";
import { created, lease, ok, storedMetadata } from "../vocabulary/leases.ts";
import { badRequest, type Cause, invalid, refused } from "../vocabulary/statuses.ts";
import type { Expected } from "../wire/answer.ts";
import { anUid, aRevision } from "../wire/match.ts";

type Members = Readonly<Record<string, unknown>>;

const beta = "coordination.k8s.io/v1beta1";
const alpha = "coordination.k8s.io/v1alpha2";
const alphaPath = `/apis/${alpha}/namespaces/{ns}/leasecandidates`;
const warnings = [`${beta} LeaseCandidate is deprecated in v1.36+, unavailable in v1.39+`];
const alphaWarnings = [`${alpha} LeaseCandidate is deprecated in v1.35+, unavailable in v1.38+`];

/** A time that is near enough for nobody to find the candidate or the lease forgotten. */
const now = new Date().toISOString().replace("Z", "000Z");

/** While somebody holds the lease, and by a strategy that no server elects by, candidates are left to the case alone. */
const strategy = "example.com/ours";
const held = lease("some-lease", {
  holderIdentity: "somebody",
  leaseDurationSeconds: 3600,
  renewTime: now,
  strategy,
});

const spec = {
  leaseName: "some-lease",
  renewTime: now,
  binaryVersion: "1.36.0",
  emulationVersion: "1.35.0",
  strategy,
};
const renewed = { ...spec, binaryVersion: "1.36.1" };
const known = "OldestEmulationVersion";

const candidateName = { name: "a", group: "coordination.k8s.io", kind: "leasecandidates" };

const stale = refused(409, "Conflict", {
  message:
    'Operation cannot be fulfilled on leasecandidates.coordination.k8s.io "a": the object has been modified; please apply your changes to the latest version and try again',
  details: candidateName,
});

const notFound = refused(404, "NotFound", {
  message: 'leasecandidates.coordination.k8s.io "a" not found',
  details: candidateName,
});

const deleted: Expected = {
  status: 200,
  body: {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { ...candidateName, uid: anUid },
  },
  warnings,
};

export const candidateCases: readonly ConformanceCase[] = [
  {
    name: "a candidate is created, read, listed, changed and deleted, with a warning that its version goes",
    async run({ ask, make, answers }) {
      await make("leases", held);
      const first = (await ask("POST leasecandidates", { json: candidate("a") })).is(
        created(stored("a"), { warnings }),
      );
      const { revision: resourceVersion } = first;
      await answers([
        ["GET leasecandidates/a", ok(first.body, { warnings })],
        ["GET leasecandidates", ok(listOf(beta, first.body), { warnings })],
        [
          "PUT leasecandidates/a",
          { json: candidate("a", renewed, { resourceVersion }) },
          ok(stored("a", renewed), { warnings }),
        ],
        [
          "PUT leasecandidates/a",
          { json: candidate("a", spec, { resourceVersion }) },
          { ...stale, warnings },
        ],
        [
          "PATCH leasecandidates/a",
          { merge: { spec: { binaryVersion: "1.37.0" } } },
          ok(stored("a", { ...renewed, binaryVersion: "1.37.0" }), { warnings }),
        ],
        ["DELETE leasecandidates/a", deleted],
        ["GET leasecandidates/a", { ...notFound, warnings }],
      ]);
    },
  },
  table("a candidate is one object in both of its versions", {
    given: [held],
    rows: [
      ["POST leasecandidates", { json: candidate("a") }, created(stored("a"), { warnings })],
      [`GET ${alphaPath}/a`, ok({ ...stored("a"), apiVersion: alpha }, { warnings: alphaWarnings })],
      [`GET ${alphaPath}`, ok(listOf(alpha, stored("a")), { warnings: alphaWarnings })],
      [
        `POST ${alphaPath}`,
        { json: { ...candidate("b"), apiVersion: alpha } },
        created({ ...stored("b"), apiVersion: alpha }, { warnings: alphaWarnings }),
      ],
      ["GET leasecandidates/b", ok(stored("b"), { warnings })],
      [`POST ${alphaPath}`, { json: candidate("c") }, { ...mismatch(beta, alpha), warnings: alphaWarnings }],
      [
        "POST leasecandidates",
        { json: { ...candidate("c"), apiVersion: alpha } },
        { ...mismatch(alpha, beta), warnings },
      ],
    ],
  }),
  table("a candidate says for which lease it stands, what it is, and by which strategy", {
    rows: [
      refuses({ leaseName: "" }, ["FieldValueRequired", "spec.leaseName", "Required value"]),
      refuses({ binaryVersion: undefined }, ["FieldValueRequired", "spec.binaryVersion", "Required value"]),
      refuses({ strategy: undefined }, ["FieldValueRequired", "spec.strategy", "Required value"]),
      refuses({ strategy: known, emulationVersion: undefined }, [
        "FieldValueRequired",
        "spec.emulationVersion",
        "Required value: must be specified when `strategy` is 'OldestEmulationVersion'",
      ]),
      accepts({ strategy: known }),
      accepts({ emulationVersion: undefined }),
    ],
  }),
  table("versions are semantic, and none emulates a newer one than its own", {
    rows: [
      refuses(
        { binaryVersion: "1.36" },
        ["FieldValueInvalid", "spec.binaryVersion", invalidValue("1.36", "must be a valid semantic version")],
        [
          "FieldValueInvalid",
          "spec.binaryVersion",
          invalidValue("1.36", "must be greater than or equal to `emulationVersion`"),
        ],
      ),
      refuses({ emulationVersion: "1.37.0" }, [
        "FieldValueInvalid",
        "spec.binaryVersion",
        invalidValue("1.36.0", "must be greater than or equal to `emulationVersion`"),
      ]),
      refuses({ emulationVersion: "v1.35.0" }, [
        "FieldValueInvalid",
        "spec.emulationVersion",
        invalidValue("v1.35.0", "must be a valid semantic version"),
      ]),
      refuses({ strategy: "Bogus" }, [
        "FieldValueNotSupported",
        "spec.strategy.strategy",
        'Unsupported value: "Bogus": supported values: "OldestEmulationVersion"',
      ]),
      accepts({ emulationVersion: "1.36.0" }),
      accepts({ binaryVersion: "1.36.0-alpha.1+build", emulationVersion: "1.35.0" }),
    ],
  }),
  table("a candidate's name is looser than a lease's", {
    given: [held],
    rows: [
      ...["With.Upper_Case", "trailing-", "-leading"].map((name): Row => [
        "POST leasecandidates",
        { json: candidate(name) },
        created(stored(name), { warnings }),
      ]),
      ["POST leasecandidates", { json: candidate("..") }, badName("..", "must not be '..'")],
      ["POST leasecandidates", { json: candidate("..x") }, badName("..x", "must not start with '..'")],
      [
        "POST leasecandidates",
        { json: candidate("a b") },
        badName(
          "a b",
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        ),
      ],
    ],
  }),
  table("a candidate stands for one lease for good", {
    given: [held],
    rows: [
      ["POST leasecandidates", { json: candidate("a") }, created(stored("a"), { warnings })],
      [
        "PATCH leasecandidates/a",
        { merge: { spec: { leaseName: "other" } } },
        {
          ...invalid({ name: "a", kind: "LeaseCandidate" }, [
            "FieldValueInvalid",
            "spec.leaseName",
            invalidValue("other", "field is immutable"),
          ]),
          warnings,
        },
      ],
    ],
  }),
  {
    name: "candidates are watched in either version",
    async run({ ask, make, watch }) {
      await make("leases", held);
      const { revision } = await ask("GET leases");
      const one = await watch(
        `/apis/${beta}/namespaces/{ns}/leasecandidates?watch=1&resourceVersion=${revision}`,
      );
      const other = await watch(`${alphaPath}?watch=1&resourceVersion=${revision}`);
      await ask("POST leasecandidates", { json: candidate("a") });
      await one.tells(["ADDED", stored("a")]);
      await other.tells(["ADDED", { ...stored("a"), apiVersion: alpha }]);
    },
  },
];

function mismatch(sent: string, wanted: string): Expected {
  return badRequest(
    `the API version in the data (${sent}) does not match the expected API version (${wanted})`,
  );
}

function candidate(name: string, more: Members = spec, metadata: Members = {}): Members {
  return { apiVersion: beta, kind: "LeaseCandidate", metadata: { name, ...metadata }, spec: more };
}

function stored(name: string, more: Members = spec): Members {
  return { apiVersion: beta, kind: "LeaseCandidate", metadata: storedMetadata(name), spec: more };
}

function listOf(apiVersion: string, item: unknown): Members {
  const { metadata, spec } = item as Members;
  return {
    apiVersion,
    kind: "LeaseCandidateList",
    metadata: { resourceVersion: aRevision },
    items: [{ metadata, spec }],
  };
}

function refuses(change: Members, ...causes: readonly Cause[]): Row {
  const is = { ...invalid({ name: "a", kind: "LeaseCandidate" }, ...causes), warnings };
  return ["POST leasecandidates", { json: candidate("a", { ...spec, ...change }) }, is];
}

function accepts(change: Members): Row {
  const is = created(undefined, { warnings });
  return ["POST leasecandidates?dryRun=All", { json: candidate("a", { ...spec, ...change }) }, is];
}

function badName(name: string, why: string): Expected {
  const cause = ["FieldValueInvalid", "metadata.name", invalidValue(name, why)] as const;
  return { ...invalid({ name, kind: "LeaseCandidate" }, cause), warnings };
}
