import assert from "node:assert/strict";
import { type ConformanceCase, table } from "../case.ts";
import { invalidValue, subdomainRule } from "../vocabulary/field-rules.ts";
import { created, lease, leaseList, ok, storedLease, updated } from "../vocabulary/leases.ts";
import {
  alreadyExists,
  badRequest,
  invalid,
  notFound,
  refused,
  unexplained,
} from "../vocabulary/statuses.ts";
import type { Expected } from "../wire/answer.ts";
import { textLike } from "../wire/match.ts";

const spec = {
  holderIdentity: "node-1",
  leaseDurationSeconds: 40,
  acquireTime: "2024-01-02T03:04:05.000000Z",
  renewTime: "2024-01-02T03:04:15.123456Z",
  leaseTransitions: 3,
};
const specFields = {
  "f:acquireTime": {},
  "f:holderIdentity": {},
  "f:leaseDurationSeconds": {},
  "f:leaseTransitions": {},
  "f:renewTime": {},
};
const uid = "11111111-1111-4111-8111-111111111111";
const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid };

export const createCases: readonly ConformanceCase[] = [
  {
    name: "what is created is answered whole, and read and listed in the same words",
    async run({ ask }) {
      const metadata = {
        labels: { app: "x", "example.com/tier": "gold" },
        annotations: { note: "any \n text é <>&" },
      };
      const answer = await ask("POST leases", { json: lease("a", spec, metadata) });
      answer.is(created(storedLease("a", spec, metadata)));
      const same = { ...storedLease("a", spec, metadata), metadata: answer.read("metadata") };
      (await ask("GET leases/a")).is(ok(same));
      (await ask("GET leases")).is(ok(leaseList([same])));
    },
  },
  table("a lease may be empty, and its name is its own in its namespace", {
    rows: [
      ["POST leases", { json: lease("a") }, created(storedLease("a"))],
      ["POST leases", { json: lease("a", spec) }, alreadyExists("a")],
      ["POST leases?dryRun=All", { json: lease("a") }, alreadyExists("a")],
    ],
  }),
  {
    name: "a generated name is its prefix and five letters that form no words",
    async run({ ask }) {
      const json = { ...lease(""), metadata: { generateName: "gen-" } };
      const answer = await ask("POST leases", { json });
      const generated = { generateName: "gen-", name: textLike(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/) };
      answer.is(created(storedLease("", {}, generated)));
      (await ask(`GET leases/${answer.readText("metadata.name")}`)).is(ok(storedLease("", {}, generated)));
    },
  },
  {
    name: "a long prefix of a generated name is cut so that the name has 63 characters",
    async run({ ask }) {
      const json = { ...lease(""), metadata: { generateName: "g".repeat(70) } };
      const name = textLike(/^g{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      (await ask("POST leases", { json })).is(
        created(storedLease("", {}, { generateName: "g".repeat(70), name })),
      );
    },
  },
  table("a name is given or generated, and a given one wins", {
    rows: [
      [
        "POST leases",
        { json: lease("a", undefined, { generateName: "gen-" }) },
        created(storedLease("a", {}, { generateName: "gen-" })),
      ],
      ...[{}, { generateName: "" }, { name: "" }].map(
        (metadata) =>
          [
            "POST leases",
            { json: { ...lease(""), metadata } },
            invalid({ name: "" }, [
              "FieldValueRequired",
              "metadata.name",
              "Required value: name or generateName is required",
            ]),
          ] as const,
      ),
    ],
  }),
  table("a name is a DNS subdomain of at most 253 characters", {
    rows: [
      ...["ok.with.dots-1", "1", "a".repeat(253)].map(
        (name) => ["POST leases", { json: lease(name) }, created(storedLease(name))] as const,
      ),
      ...["UpperCase", "under_score", "trailing-", "-leading", "dots..double", ".dot", "ä"].map(
        (name) =>
          [
            "POST leases",
            { json: lease(name) },
            invalid({ name }, ["FieldValueInvalid", "metadata.name", invalidValue(name, subdomainRule)]),
          ] as const,
      ),
      [
        "POST leases",
        { json: lease("a".repeat(254)) },
        invalid({ name: "a".repeat(254) }, [
          "FieldValueInvalid",
          "metadata.name",
          invalidValue("a".repeat(254), "must be no more than 253 characters"),
        ]),
      ],
    ],
  }),
  table("the namespace of the object is that of the path, where it is told", {
    rows: [
      ["POST leases", { json: lease("a", undefined, { namespace: "{ns}" }) }, created(storedLease("a"))],
      [
        "POST leases",
        { json: lease("b", undefined, { namespace: "other" }) },
        badRequest("the namespace of the provided object does not match the namespace sent on the request"),
      ],
      ["GET leases/b", notFound("b")],
    ],
  }),
  table("nothing is created in a namespace that is not there, but it can be read", {
    rows: [
      [
        "POST /apis/coordination.k8s.io/v1/namespaces/{ns}-absent/leases",
        { json: lease("a") },
        refused(404, "NotFound", {
          message: 'namespaces "{ns}-absent" not found',
          details: { name: "{ns}-absent", kind: "namespaces" },
        }),
      ],
      ["GET /apis/coordination.k8s.io/v1/namespaces/{ns}-absent/leases/a", notFound("a")],
      ["GET /apis/coordination.k8s.io/v1/namespaces/{ns}-absent/leases", ok(leaseList([]))],
    ],
  }),
  {
    name: "what the server sets is not taken from a client, and generation and selfLink are dropped or kept as they always were",
    async run({ ask }) {
      const sent = {
        uid,
        creationTimestamp: "2001-01-01T00:00:00Z",
        deletionTimestamp: "2001-01-01T00:00:00Z",
        selfLink: "/x",
      };
      const answer = await ask("POST leases", { json: lease("a", undefined, { ...sent, generation: 7 }) });
      answer.is(created());
      assert.notEqual(answer.uid, uid);
      assert.notEqual(answer.read("metadata.creationTimestamp"), sent.creationTimestamp);
      (await ask("GET leases/a")).is(ok({ ...storedLease("a"), metadata: answer.read("metadata") }));
    },
  },
  table("an object to be created has no resourceVersion yet", {
    rows: [
      [
        "POST leases",
        { json: lease("a", undefined, { resourceVersion: "5" }) },
        unexplained("resourceVersion should not be set on objects to be created"),
      ],
    ],
  }),
  table("a dry run answers as if, and stores nothing", {
    rows: [
      [
        "POST leases?dryRun=All",
        { json: lease("a", spec) },
        created(storedLease("a", spec, { resourceVersion: undefined })),
      ],
      ["GET leases/a", notFound("a")],
      [
        "POST leases?dryRun=Bogus",
        { json: lease("a") },
        badOptions("dryRun", 'Unsupported value: ["Bogus"]: supported values: "All"'),
      ],
      [
        "POST leases?dryRun=",
        { json: lease("a") },
        badOptions("dryRun", 'Unsupported value: [""]: supported values: "All"'),
      ],
    ],
  }),
  table("the manager of the fields is the one of the query, else the first word of the User-Agent", {
    rows: [
      [
        "POST leases?fieldManager=mgr",
        { json: lease("a", spec) },
        created(storedLease("a", spec, { managedFields: [updated("mgr", { "f:spec": specFields })] })),
      ],
      [
        "POST leases",
        { json: lease("b", spec), headers: { "user-agent": "some-agent/v1.2 (linux) x" } },
        created(storedLease("b", spec, { managedFields: [updated("some-agent", { "f:spec": specFields })] })),
      ],
      [
        "POST leases?fieldManager=mgr",
        { json: lease("c") },
        created(storedLease("c", {}, { managedFields: undefined })),
      ],
      [
        "POST leases?fieldManager=mgr",
        { json: lease("d", undefined, { labels: { a: "b" }, finalizers: ["x"], ownerReferences: [owner] }) },
        created(
          storedLease(
            "d",
            {},
            {
              labels: { a: "b" },
              finalizers: ["x"],
              ownerReferences: [owner],
              managedFields: [
                updated("mgr", {
                  "f:metadata": {
                    "f:finalizers": { ".": {}, 'v:"x"': {} },
                    "f:labels": { ".": {}, "f:a": {} },
                    "f:ownerReferences": { ".": {}, [`k:{"uid":"${uid}"}`]: {} },
                  },
                }),
              ],
            },
          ),
        ),
      ],
    ],
  }),
  table("a manager has a printable name of at most 128 bytes", {
    rows: [
      ["POST leases?fieldManager=" + "m".repeat(128), { json: lease("a", spec) }, created()],
      [
        "POST leases?fieldManager=" + "m".repeat(129),
        { json: lease("b") },
        badOptions("fieldManager", "Too long: may not be more than 128 bytes"),
      ],
      [
        "POST leases?fieldManager=bad%07name",
        { json: lease("b") },
        badOptions("fieldManager", 'Invalid value: "bad\\aname": invalid character U+0007 (at position 3)'),
      ],
    ],
  }),
  {
    name: "every creation has a greater resourceVersion than those before it, and a uid of its own",
    async run({ make }) {
      const answers = [];
      for (const name of ["a", "b", "c"]) answers.push(await make("leases", lease(name)));
      const revisions = answers.map(({ revision }) => Number(revision));
      assert.deepEqual(
        revisions,
        revisions.toSorted((one, other) => one - other),
      );
      assert.equal(new Set(answers.map(({ uid }) => uid)).size, 3);
    },
  },
  {
    name: "of many who create one name at once, one succeeds",
    async run({ ask }) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          ask("POST leases", { json: lease("a", { holderIdentity: `${index}` }) }),
        ),
      );
      const winners = answers.filter(({ status }) => status === 201);
      assert.equal(winners.length, 1);
      for (const answer of answers) if (answer.status !== 201) answer.is(alreadyExists("a"));
      (await ask("GET leases/a")).is(ok(winners[0]?.body));
    },
  },
];

function badOptions(field: string, message: string): Expected {
  const options = { name: "", kind: "CreateOptions", group: "meta.k8s.io" };
  return invalid(options, [reasonOf(message), field, message]);
}

/** A sentence begins with its reason. */
function reasonOf(message: string): string {
  if (message.startsWith("Too long")) return "FieldValueTooLong";
  return message.startsWith("Unsupported value") ? "FieldValueNotSupported" : "FieldValueInvalid";
}
