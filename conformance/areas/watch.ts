import { type ConformanceCase, table } from "../case.ts";
import type { Target } from "../target.ts";
import { lease, ok, storedLease } from "../vocabulary/leases.ts";
import { badRequest, type Cause, failure, invalid, unexplained } from "../vocabulary/statuses.ts";
import type { Expected } from "../wire/answer.ts";
import { aRevision, textLike } from "../wire/match.ts";
import type { Event } from "../wire/watch.ts";

type Members = Readonly<Record<string, unknown>>;

const needsMatch: Cause = [
  "FieldValueForbidden",
  "resourceVersionMatch",
  "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
];

export const watchCases: readonly ConformanceCase[] = [
  {
    name: "a watch tells every change in order, and a deletion with the version of the deletion",
    async run(target) {
      const { ask, make, watch } = target;
      const open = await watch(`leases?watch=true&resourceVersion=${await nowOf(target)}`);
      await make("leases", lease("a", { holderIdentity: "1" }));
      await ask("PATCH leases/a", { merge: { spec: { holderIdentity: "2" } } });
      await ask("DELETE leases/a");
      await make("leases", lease("b"));
      await open.tells(
        added("a", { holderIdentity: "1" }),
        modified("a", { holderIdentity: "2" }),
        gone("a", { holderIdentity: "2" }),
        added("b"),
      );
    },
  },
  {
    name: "a watch from a version tells what came after it",
    async run({ ask, make, watch }) {
      const { revision } = await make("leases", lease("a"));
      await ask("PATCH leases/a", { merge: { spec: { holderIdentity: "2" } } });
      await make("leases", lease("b"));
      await ask("DELETE leases/b");
      await (
        await watch(`leases?watch=1&resourceVersion=${revision}`)
      ).tells(modified("a", { holderIdentity: "2" }), added("b"), gone("b"));
    },
  },
  {
    name: "a watch without a version begins with all that is there",
    async run(target) {
      await target.make("leases", lease("a"));
      await target.make("leases", lease("b"));
      const open = await target.watch("leases?watch=1");
      await open.tells(added("a"), added("b"));
      await target.make("leases", lease("c"));
      await open.tells(added("c"));
    },
  },
  {
    name: "objects enter and leave a selection of labels",
    async run(target) {
      const { ask, make } = target;
      const open = await target.watch(
        `leases?watch=1&resourceVersion=${await nowOf(target)}&labelSelector=in%3Dyes`,
      );
      await make("leases", lease("a"));
      for (const label of ["yes", "yes2", "yes"])
        await ask("PATCH leases/a", { merge: { metadata: { labels: { in: label } } } });
      await ask("PATCH leases/a", { merge: { spec: { holderIdentity: "x" } } });
      await ask("DELETE leases/a");
      const labels = { in: "yes" };
      await open.tells(
        added("a", {}, { labels }),
        // What leaves is told as it was when it was last selected, with the version of its leaving.
        gone("a", {}, { labels }),
        added("a", {}, { labels }),
        modified("a", { holderIdentity: "x" }, { labels }),
        gone("a", { holderIdentity: "x" }, { labels }),
      );
    },
  },
  {
    name: "one object is watched by a selection of its name",
    async run(target) {
      const { ask, make } = target;
      const open = await target.watch(
        `leases?watch=1&resourceVersion=${await nowOf(target)}&fieldSelector=metadata.name%3Da`,
      );
      await make("leases", lease("b"));
      await make("leases", lease("a"));
      await ask("DELETE leases/b");
      await ask("DELETE leases/a");
      await open.tells(added("a"), gone("a"));
    },
  },
  {
    name: "the namespaces of others are not told",
    async run(target) {
      const other = `${target.namespace}-b`;
      await target.makeNamespace(other);
      const since = await nowOf(target);
      const one = await target.watch(`leases?watch=1&resourceVersion=${since}`);
      const all = await target.watch(
        `/apis/coordination.k8s.io/v1/leases?watch=1&resourceVersion=${since}&labelSelector=t%3D{ns}`,
      );
      const labels = { t: target.namespace };
      await target.make(
        `/apis/coordination.k8s.io/v1/namespaces/${other}/leases`,
        lease("x", {}, { labels }),
      );
      await target.make("leases", lease("y", {}, { labels }));
      await one.tells(added("y", {}, { labels }));
      await all.tells(added("x", {}, { labels, namespace: other }), added("y", {}, { labels }));
    },
  },
  {
    name: "a finalizer turns a deletion into a change, and its removal into the deletion",
    async run(target) {
      const { ask, make } = target;
      const open = await target.watch(`leases?watch=1&resourceVersion=${await nowOf(target)}`);
      await make("leases", lease("a", {}, { finalizers: ["x/y"] }));
      await ask("DELETE leases/a");
      await ask("PATCH leases/a", { merge: { metadata: { finalizers: null } } });
      const going = { deletionTimestamp: textLike(/Z$/), deletionGracePeriodSeconds: 0 };
      await open.tells(
        added("a", {}, { finalizers: ["x/y"] }),
        modified("a", {}, { finalizers: ["x/y"], ...going }),
        gone("a", {}, { finalizers: ["x/y"], ...going }),
      );
    },
  },
  {
    name: "what changes nothing is not told",
    async run(target) {
      const { ask, make } = target;
      const open = await target.watch(`leases?watch=1&resourceVersion=${await nowOf(target)}`);
      await make("leases", lease("a", { holderIdentity: "x" }));
      await ask("PATCH leases/a", { merge: { spec: { holderIdentity: "x" } } });
      await ask("PATCH leases/a?dryRun=All", { merge: { spec: { holderIdentity: "y" } } });
      await make("leases", lease("b"));
      await open.tells(added("a", { holderIdentity: "x" }), added("b"));
    },
  },
  {
    name: "the deprecated paths of watches still watch",
    async run({ make, watch }) {
      const { revision } = await make("leases", lease("a"));
      await make("leases", lease("b"));
      const [base, since] = ["/apis/coordination.k8s.io/v1/watch", `resourceVersion=${revision}`];
      await (await watch(`${base}/namespaces/{ns}/leases?${since}`)).tells(added("b"));
      await (await watch(`${base}/namespaces/{ns}/leases/a`)).tells(added("a"));
    },
  },
  table("a single object is not watched where it is read", {
    given: [lease("a")],
    rows: [["GET leases/a?watch=1", ok(storedLease("a"))]],
  }),
  {
    name: "initial events end with a bookmark that says so",
    async run({ make, watch }) {
      await make("leases", lease("a"));
      await make("leases", lease("b"));
      const options = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
      const open = await watch(`leases?watch=1&${options}`);
      await open.tells(
        added("a"),
        added("b"),
        bookmark({ annotations: { "k8s.io/initial-events-end": "true" } }),
      );
      await make("leases", lease("c"));
      await open.tells(added("c"));
    },
  },
  table("initial events need the words that go with them", {
    rows: [
      ["GET leases?watch=1&sendInitialEvents=true&allowWatchBookmarks=true", refused(needsMatch)],
      [
        "GET leases?watch=1&sendInitialEvents=true&resourceVersionMatch=Exact",
        refused(needsMatch, [
          "FieldValueNotSupported",
          "resourceVersionMatch",
          'Unsupported value: "Exact": supported values: "NotOlderThan"',
        ]),
      ],
      [
        "GET leases?watch=1&resourceVersionMatch=NotOlderThan",
        refused([
          "FieldValueForbidden",
          "resourceVersionMatch",
          "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
        ]),
      ],
      [
        "GET leases?sendInitialEvents=true",
        refused([
          "FieldValueForbidden",
          "sendInitialEvents",
          "Forbidden: sendInitialEvents is forbidden for list",
        ]),
      ],
    ],
  }),
  {
    name: "a watch that is timed out ends as it should",
    async run(target) {
      const since = await nowOf(target);
      await (await target.watch(`leases?watch=1&timeoutSeconds=1&resourceVersion=${since}`)).ends();
    },
  },
  {
    name: "a watch from a version that is too old says that it has expired, once",
    async run({ make, watch }) {
      await make("leases", lease("a"));
      const open = await watch("leases?watch=1&resourceVersion=1");
      const message = textLike(/^too old resource version: 1 \(\d+\)$/);
      await open.tells(["ERROR", failure(410, "Expired", { message })]);
      await open.ends();
    },
  },
  table("options of a watch that cannot be read are refused before it begins", {
    rows: [
      [
        "GET leases?watch=1&timeoutSeconds=abc",
        badRequest('strconv.ParseInt: parsing "abc": invalid syntax'),
      ],
      [
        "GET leases?watch=1&resourceVersion=abc",
        unexplained(
          'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
        ),
      ],
      ["GET leases?watch=1&labelSelector=a%3D%3D%3Db", badRequest(textLike(/found '='/))],
      [
        "GET leases?watch=1&fieldSelector=spec.x%3Da",
        badRequest('"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"'),
      ],
    ],
  }),
  {
    name: "a dozen watches of one collection all hear the same",
    async run(target) {
      const { ask, make } = target;
      const path = `leases?watch=1&resourceVersion=${await nowOf(target)}`;
      const all = await Promise.all(Array.from({ length: 12 }, () => target.watch(path)));
      await make("leases", lease("a"));
      for (let index = 1; index <= 20; index++)
        await ask("PATCH leases/a", { merge: { spec: { leaseTransitions: index } } });
      const events = [
        added("a"),
        ...Array.from({ length: 20 }, (_, index) => modified("a", { leaseTransitions: index + 1 })),
      ];
      await Promise.all(all.map((open) => open.tells(...events)));
    },
  },
];

async function nowOf({ ask }: Target): Promise<string> {
  return (await ask("GET leases")).revision;
}

function added(name: string, spec: Members = {}, metadata: Members = {}): Event {
  return ["ADDED", storedLease(name, spec, metadata)];
}

function modified(name: string, spec: Members = {}, metadata: Members = {}): Event {
  return ["MODIFIED", storedLease(name, spec, metadata)];
}

function gone(name: string, spec: Members = {}, metadata: Members = {}): Event {
  return ["DELETED", storedLease(name, spec, metadata)];
}

function bookmark(metadata: Members): Event {
  const meta = { resourceVersion: aRevision, ...metadata };
  return ["BOOKMARK", { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: meta, spec: {} }];
}

function refused(...causes: readonly Cause[]): Expected {
  return invalid({ name: "", kind: "ListOptions", group: "meta.k8s.io" }, ...causes);
}
