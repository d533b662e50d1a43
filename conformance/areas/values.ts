import { type ConformanceCase, type Row, table } from "../case.ts";
import { created, lease, ok, storedLease } from "../vocabulary/leases.ts";
import { badRequest, type Cause, invalid } from "../vocabulary/statuses.ts";

type Spec = Readonly<Record<string, unknown>>;

export const valueCases: readonly ConformanceCase[] = [
  table("a duration is a positive number of seconds", {
    rows: [
      stores({ leaseDurationSeconds: 1 }),
      stores({ leaseDurationSeconds: 2_147_483_647 }),
      refuses({ leaseDurationSeconds: 0 }, [
        "FieldValueInvalid",
        "spec.leaseDurationSeconds",
        "Invalid value: 0: must be greater than 0",
      ]),
      refuses({ leaseDurationSeconds: -5 }, [
        "FieldValueInvalid",
        "spec.leaseDurationSeconds",
        "Invalid value: -5: must be greater than 0",
      ]),
    ],
  }),
  table("a number of transitions is not negative", {
    rows: [
      stores({ leaseTransitions: 0 }),
      refuses({ leaseTransitions: -1 }, [
        "FieldValueInvalid",
        "spec.leaseTransitions",
        "Invalid value: -1: must be greater than or equal to 0",
      ]),
    ],
  }),
  table("a strategy is a known word or a name of somebody's domain", {
    rows: [
      stores({ strategy: "OldestEmulationVersion" }),
      stores({ strategy: "example.com/custom" }),
      refuses({ strategy: "Bogus" }, [
        "FieldValueNotSupported",
        "spec.strategy.strategy",
        'Unsupported value: "Bogus": supported values: "OldestEmulationVersion"',
      ]),
      refuses({ strategy: "" }, [
        "FieldValueNotSupported",
        "spec.strategy.strategy",
        'Unsupported value: "": supported values: "OldestEmulationVersion"',
      ]),
    ],
  }),
  table("a holder is preferred only under a strategy", {
    rows: [
      stores({ strategy: "example.com/custom", preferredHolder: "me" }),
      stores({ preferredHolder: "" }),
      refuses({ preferredHolder: "me" }, [
        "FieldValueForbidden",
        "spec.preferredHolder",
        "Forbidden: may only be specified if `strategy` is defined",
      ]),
    ],
  }),
  table("everything that is wrong is told at once", {
    rows: [
      refuses(
        { leaseDurationSeconds: 0, leaseTransitions: -1, preferredHolder: "x" },
        ["FieldValueInvalid", "spec.leaseDurationSeconds", "Invalid value: 0: must be greater than 0"],
        [
          "FieldValueInvalid",
          "spec.leaseTransitions",
          "Invalid value: -1: must be greater than or equal to 0",
        ],
        [
          "FieldValueForbidden",
          "spec.preferredHolder",
          "Forbidden: may only be specified if `strategy` is defined",
        ],
      ),
    ],
  }),
  table("a time has microseconds and a zone, and is told in UTC", {
    rows: (
      [
        ["2024-01-02T03:04:05.123456Z", "2024-01-02T03:04:05.123456Z"],
        ["2024-01-02T03:04:05.123456+02:00", "2024-01-02T01:04:05.123456Z"],
        ["2024-01-02T03:04:05.000000-00:30", "2024-01-02T03:34:05.000000Z"],
        ["1999-12-31T23:59:59.999999Z", "1999-12-31T23:59:59.999999Z"],
        ["2024-02-29T00:00:00.000001Z", "2024-02-29T00:00:00.000001Z"],
      ] as const
    ).map(([sent, told]) => stores({ renewTime: sent }, { renewTime: told })),
  }),
  table("a time that cannot be read is refused in the words of Go", {
    rows: [
      badTime("2024-01-02T03:04:05Z", layout("Z", ".000000")),
      badTime("2024-01-02T03:04:05.123Z", layout(".123Z", ".000000")),
      badTime("2024-01-02", layout("", "T")),
      badTime("", layout("", "2006")),
      badTime("bad", layout("bad", "2006")),
      badTime("2024-13-02T03:04:05.123456Z", "month out of range"),
      badTime("2023-02-29T03:04:05.123456Z", "day out of range"),
      badTime("2024-01-02T24:04:05.123456Z", "hour out of range"),
      cannotHold({ renewTime: 12345 }, "number", "LeaseSpec.spec.renewTime of type string"),
    ],
  }),
  table("a value of another type does not fit", {
    rows: [
      cannotHold({ holderIdentity: 5 }, "number", "LeaseSpec.spec.holderIdentity of type string"),
      cannotHold({ holderIdentity: ["x"] }, "array", "LeaseSpec.spec.holderIdentity of type string"),
      cannotHold({ holderIdentity: {} }, "object", "LeaseSpec.spec.holderIdentity of type string"),
      cannotHold(
        { leaseDurationSeconds: "15" },
        "string",
        "LeaseSpec.spec.leaseDurationSeconds of type int32",
      ),
      cannotHold({ leaseDurationSeconds: true }, "bool", "LeaseSpec.spec.leaseDurationSeconds of type int32"),
      cannotHold(
        { leaseDurationSeconds: 15.5 },
        "number 15.5",
        "LeaseSpec.spec.leaseDurationSeconds of type int32",
      ),
      cannotHold(
        { leaseDurationSeconds: 2_147_483_648 },
        "number 2147483648",
        "LeaseSpec.spec.leaseDurationSeconds of type int32",
      ),
      cannotHold(
        { leaseTransitions: -2_147_483_649 },
        "number -2147483649",
        "LeaseSpec.spec.leaseTransitions of type int32",
      ),
      [
        "POST leases",
        { json: { ...lease("a"), spec: [] } },
        cannot("json: cannot unmarshal array into Go struct field Lease.spec of type v1.LeaseSpec"),
      ],
      [
        "POST leases",
        { json: { ...lease("a"), spec: "text" } },
        cannot("json: cannot unmarshal string into Go struct field Lease.spec of type v1.LeaseSpec"),
      ],
      [
        "POST leases",
        { json: lease("a", {}, { annotations: { k: 1 } }) },
        cannot(
          "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.annotations of type string",
        ),
      ],
      [
        "POST leases",
        { json: lease("a", {}, { finalizers: "x" }) },
        cannot(
          "json: cannot unmarshal string into Go struct field ObjectMeta.metadata.finalizers of type []string",
        ),
      ],
    ],
  }),
  table("null is the same as nothing", {
    rows: [
      stores(
        {
          holderIdentity: null,
          leaseDurationSeconds: null,
          acquireTime: null,
          renewTime: null,
          leaseTransitions: null,
          strategy: null,
          preferredHolder: null,
        },
        {},
      ),
      ["POST leases", { json: { ...lease("n"), spec: null } }, created(storedLease("n"))],
      [
        "POST leases",
        { json: lease("m", undefined, { labels: null, finalizers: null, annotations: null }) },
        created(storedLease("m")),
      ],
    ],
  }),
  table("text is any Unicode, and comes back as it was sent", {
    rows: ["жук-🐞", '<&> "q" \\ \u2028\u2029', "\u0000\u0001\u007f", "", " "].flatMap(
      (holderIdentity, index): Row[] => [
        [
          "POST leases",
          { json: lease(`t${index}`, { holderIdentity }) },
          created(storedLease(`t${index}`, { holderIdentity })),
        ],
        [`GET leases/t${index}`, ok(storedLease(`t${index}`, { holderIdentity }))],
      ],
    ),
  }),
];

/** A dry run, so that every row may have the same name. */
function stores(sent: Spec, told: Spec = sent): Row {
  return [
    "POST leases?dryRun=All",
    { json: lease("a", sent) },
    created(storedLease("a", told, { resourceVersion: undefined })),
  ];
}

function refuses(sent: Spec, ...causes: readonly Cause[]): Row {
  return ["POST leases", { json: lease("a", sent) }, invalid({ name: "a" }, ...causes)];
}

function badTime(renewTime: string, why: string): Row {
  const told = why.startsWith("as ") ? ` ${why}` : `: ${why}`;
  return [
    "POST leases",
    { json: lease("a", { renewTime }) },
    cannot(`parsing time ${JSON.stringify(renewTime)}${told}`),
  ];
}

function layout(rest: string, wanted: string): string {
  return `as "2006-01-02T15:04:05.000000Z07:00": cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(wanted)}`;
}

function cannotHold(spec: Spec, found: string, field: string): Row {
  return [
    "POST leases",
    { json: lease("a", spec) },
    cannot(`json: cannot unmarshal ${found} into Go struct field ${field}`),
  ];
}

function cannot(why: string) {
  return badRequest(`Lease in version "v1" cannot be handled as a Lease: ${why}`);
}
