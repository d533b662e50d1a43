import assert from "node:assert/strict";
import { type ConformanceCase, type Row, table } from "../case.ts";
import type { Target } from "../target.ts";
import { invalidValue, labelNameRule } from "../vocabulary/field-rules.ts";
import { created, lease, ok, storedMetadata } from "../vocabulary/leases.ts";
import { badRequest, invalid, methodNotAllowed, notFound, refused } from "../vocabulary/statuses.ts";
import { aRevision, aTime, textLike } from "../wire/match.ts";

type Members = Readonly<Record<string, unknown>>;

const all = "/api/v1/namespaces";
const kind = { name: "{ns}-x", kind: "namespaces" };
const absent = refused(404, "NotFound", { message: 'namespaces "{ns}-x" not found', details: kind });

const changed = refused(409, "Conflict", {
  message:
    'Operation cannot be fulfilled on namespaces "{ns}": the object has been modified; please apply your changes to the latest version and try again',
  details: { name: "{ns}", kind: "namespaces" },
});

export const namespaceCases: readonly ConformanceCase[] = [
  table("a namespace is active, finalized by the server, and labelled with its name", {
    rows: [
      [`GET ${all}/{ns}`, ok(stored("{ns}"))],
      [`GET ${all}?fieldSelector=metadata.name%3D{ns}`, ok(listOf(stored("{ns}")))],
      [`GET ${all}?labelSelector=kubernetes.io/metadata.name%3D{ns}`, ok(listOf(stored("{ns}")))],
      [
        `POST ${all}`,
        { json: namespace("{ns}") },
        refused(409, "AlreadyExists", {
          message: 'namespaces "{ns}" already exists',
          details: { name: "{ns}", kind: "namespaces" },
        }),
      ],
    ],
  }),
  table("a namespace has a DNS label for its name", {
    rows: [
      [
        `POST ${all}`,
        { json: namespace("Bad_Name") },
        bad("Bad_Name", invalidValue("Bad_Name", labelNameRule)),
      ],
      [
        `POST ${all}`,
        { json: namespace("with.dot") },
        bad("with.dot", invalidValue("with.dot", "must not contain dots")),
      ],
      [
        `POST ${all}`,
        { json: namespace("a".repeat(64)) },
        invalid(
          { name: "a".repeat(64), kind: "Namespace", group: "" },
          [
            "FieldValueInvalid",
            "metadata.name",
            invalidValue("a".repeat(64), "must be no more than 63 characters"),
          ],
          [
            "FieldValueInvalid",
            "metadata.labels",
            invalidValue("a".repeat(64), "must be no more than 63 bytes"),
          ],
        ),
      ],
    ],
  }),
  table("a namespace is not created by an update, nor all of them deleted at once", {
    rows: [
      [`GET ${all}/{ns}-x`, absent],
      [`PUT ${all}/{ns}-x`, { json: namespace("{ns}-x") }, absent],
      [`DELETE ${all}/{ns}-x`, absent],
      [`DELETE ${all}`, methodNotAllowed],
    ],
  }),
  {
    name: "a namespace is labelled, unconditionally or bound to a version, and its name's label cannot be changed",
    async run({ ask, answers }) {
      const { revision: resourceVersion } = await ask(`GET ${all}/{ns}`);
      const [labels, labelled] = [{ a: "b" }, { a: "b", "kubernetes.io/metadata.name": "{ns}" }];
      await answers([
        [
          `PUT ${all}/{ns}`,
          { json: namespace("{ns}", { labels }) },
          ok(stored("{ns}", { labels: labelled })),
        ],
        [`PUT ${all}/{ns}`, { json: namespace("{ns}", { labels, resourceVersion }) }, changed],
        [
          `PUT ${all}/{ns}`,
          { json: namespace("other") },
          badRequest("the name of the object (other) does not match the name on the URL ({ns})"),
        ],
        [
          `PATCH ${all}/{ns}`,
          { merge: { metadata: { labels: { "kubernetes.io/metadata.name": "lie" } } } },
          ok(stored("{ns}", { labels: labelled })),
        ],
        [
          `PATCH ${all}/{ns}`,
          { merge: { metadata: { labels: { "kubernetes.io/metadata.name": null } } } },
          ok(stored("{ns}", { labels: labelled })),
        ],
      ]);
    },
  },
  table("finalizers and the phase are not a client's to set where the object is written", {
    rows: [
      [`PATCH ${all}/{ns}`, { merge: { spec: { finalizers: [] } } }, ok(stored("{ns}"))],
      [`PATCH ${all}/{ns}`, { merge: { status: { phase: "Terminating" } } }, ok(stored("{ns}"))],
    ],
  }),
  table("a namespace may be applied to", {
    rows: [
      [
        `PATCH ${all}/{ns}?fieldManager=one`,
        { apply: namespace("{ns}", { labels: { by: "one" } }) },
        ok(stored("{ns}", { labels: { by: "one", "kubernetes.io/metadata.name": "{ns}" } })),
      ],
    ],
  }),
  {
    name: "a namespace that is being deleted takes nothing in, and lets its own be read and finished",
    async run(target) {
      await terminate(target);
      const leases = "/apis/coordination.k8s.io/v1/namespaces/{ns}-x/leases";
      const late = refused(403, "Forbidden", {
        message:
          'leases.coordination.k8s.io "late" is forbidden: unable to create new content in namespace {ns}-x because it is being terminated',
        details: {
          name: "late",
          group: "coordination.k8s.io",
          kind: "leases",
          causes: [
            {
              reason: "NamespaceTerminating",
              message: "namespace {ns}-x is being terminated",
              field: "metadata.namespace",
            },
          ],
        },
      });
      const rows: readonly Row[] = [
        [`POST ${leases}`, { json: lease("late") }, late],
        [`PUT ${leases}/late`, { json: lease("late") }, late],
        [`PATCH ${leases}/late?fieldManager=one`, { apply: lease("late") }, late],
        [`GET ${leases}/absent`, notFound("absent")],
        [`PATCH ${leases}/hold`, { merge: { spec: { holderIdentity: "last" } } }, ok()],
      ];
      await target.answers(rows);
    },
  },
  {
    name: "a deletion of a namespace is told as its phase, and told again the same",
    async run(target) {
      const first = await terminate(target);
      const again = await target.ask(`GET ${all}/{ns}-x`);
      assert.equal(again.read("metadata.deletionTimestamp"), first.read("metadata.deletionTimestamp"));
      assert.equal(again.read("status.phase"), "Terminating");
    },
  },
  {
    name: "a namespace can be created again only once it is gone",
    async run(target) {
      await terminate(target);
      await target.answers([[`POST ${all}`, { json: namespace("{ns}-x") }, { status: 409 }]]);
    },
  },
  {
    name: "finalizing takes the server's finalizer off, and a namespace without any can go",
    async run(target) {
      const { namespace: name } = target;
      await target.makeNamespace(`${name}-x`);
      const json = { ...namespace("{ns}-x"), spec: { finalizers: [] } };
      (await target.ask(`PUT ${all}/{ns}-x/finalize`, { json })).is(ok(stored("{ns}-x", {}, { spec: {} })));
      (await target.ask(`DELETE ${all}/{ns}-x`)).is(ok());
      // Whoever empties namespaces may have been faster.
      await target.ask(`DELETE ${all}/{ns}-x`);
      (await target.ask(`GET ${all}/{ns}-x`)).is(absent);
    },
  },
  {
    name: "namespaces are watched like leases",
    async run({ ask, watch, makeNamespace, namespace: name }) {
      const { revision } = await ask(`GET ${all}/{ns}`);
      const path = `${all}?watch=1&resourceVersion=${revision}&fieldSelector=metadata.name%3D{ns}-x`;
      const open = await watch(path);
      await makeNamespace(`${name}-x`);
      await open.tells(["ADDED", stored("{ns}-x")]);
    },
  },
  table("a dry run of a namespace stores nothing", {
    rows: [
      [
        `POST ${all}?dryRun=All`,
        { json: namespace("{ns}-x") },
        created(stored("{ns}-x", { resourceVersion: undefined })),
      ],
      [`GET ${all}/{ns}-x`, absent],
    ],
  }),
];

function namespace(name: string, metadata: Members = {}): Members {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, ...metadata } };
}

function stored(name: string, metadata: Members = {}, more: Members = {}): Members {
  const labels = { "kubernetes.io/metadata.name": name };
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: storedMetadata(name, { namespace: undefined, labels, ...metadata }),
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
    ...more,
  };
}

function listOf({ metadata, spec, status }: Members): Members {
  return {
    apiVersion: "v1",
    kind: "NamespaceList",
    metadata: { resourceVersion: aRevision },
    items: [{ metadata, spec, status }],
  };
}

function bad(name: string, message: string) {
  return invalid({ name, kind: "Namespace", group: "" }, ["FieldValueInvalid", "metadata.name", message]);
}

/** A namespace that a lease with a finalizer keeps from going, wherever namespaces are emptied. */
async function terminate({ ask, make, makeNamespace, namespace: name }: Target) {
  await makeNamespace(`${name}-x`);
  const hold = lease("hold", undefined, { finalizers: ["example.com/hold"] });
  await make("/apis/coordination.k8s.io/v1/namespaces/{ns}-x/leases", hold);
  const more = { status: { phase: "Terminating" } };
  const deleted = stored("{ns}-x", { deletionTimestamp: aTime, uid: textLike(/-/) }, more);
  return (await ask(`DELETE ${all}/{ns}-x`)).is(ok(deleted));
}
