import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { type ConformanceCase, type Row, table } from "../case.ts";
import { created, lease, leaseList, ok, storedLease } from "../vocabulary/leases.ts";
import { methodNotAllowed, notFound, noSuchResource, refused } from "../vocabulary/statuses.ts";
import type { Expected } from "../wire/answer.ts";

const offered = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
const offeredStreams = `${offered}, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch`;
const stored = storedLease("a");
const yaml = "application/yaml";

export const httpCases: readonly ConformanceCase[] = [
  table("the first media type of an Accept that is known is answered, by its weight", {
    given: [lease("a")],
    rows: [
      ...[
        "*/*",
        undefined,
        "",
        "application/json",
        "application/json;charset=utf-8",
        "application/json, */*",
        "text/html, */*;q=0.1",
      ].map((accept): Row => ["GET leases/a", { accept }, ok(stored)]),
      ["GET leases/a", { accept: yaml }, ok(stored, { type: yaml })],
      ["GET leases/a", { accept: "text/html,application/yaml;q=0.9,*/*;q=0.1" }, ok(stored, { type: yaml })],
      [
        "GET leases/a",
        { accept: "application/json;q=0.5, application/yaml;q=0.8" },
        ok(stored, { type: yaml }),
      ],
    ],
  }),
  table("an Accept that nothing meets is not acceptable, and told what would be", {
    given: [lease("a")],
    rows: [
      ...["text/html", "application/cbor", "application/*"].map((accept): Row => [
        "GET leases/a",
        { accept },
        notAcceptable(offered),
      ]),
      ["GET leases", { accept: "text/html" }, notAcceptable(offeredStreams)],
      ["GET leases/none", { accept: "text/html" }, notAcceptable(offered)],
      ["POST leases", { json: lease("b"), accept: "text/html" }, notAcceptable(offered)],
      ["PUT leases/a", { json: lease("a"), accept: "text/html" }, notAcceptable(offered)],
      ["PATCH leases/a", { merge: {}, accept: "text/html" }, notAcceptable(offered)],
      ["DELETE leases/a", { accept: "text/html" }, notAcceptable(offered)],
      ["GET /apis/coordination.k8s.io/v1", { accept: "text/html" }, notAcceptable(offered)],
      ["GET /version", { accept: "text/html" }, notAcceptable("application/json")],
      ["GET leases", ok(leaseList([stored]))],
    ],
  }),
  table("methods that mean nothing here are not allowed", {
    given: [lease("a")],
    rows: [
      ...["leases", "leases/a"].flatMap((path): Row[] => [
        [`OPTIONS ${path}`, methodNotAllowed],
        [`HEAD ${path}`, { status: 405 }],
      ]),
      ["DELETE /apis/coordination.k8s.io/v1", methodNotAllowed],
      ["POST /apis/coordination.k8s.io/v1/leases", { json: lease("a") }, methodNotAllowed],
    ],
  }),
  table("a trailing slash changes nothing, and other letters everything", {
    given: [lease("a")],
    rows: [
      ["GET leases/", ok(leaseList([stored]))],
      ["GET leases/a/", ok(stored)],
      ["GET /apis/coordination.k8s.io/v1//namespaces/{ns}/leases", noSuchResource],
      ["GET /apis/coordination.k8s.io/v1/namespaces/{ns}/Leases", noSuchResource],
      ["GET leases/a/b/c", noSuchResource],
      ["GET /apis/coordination.k8s.io/v1/namespaces/{ns}", noSuchResource],
      ["GET leases/%61", ok(stored)],
    ],
  }),
  {
    name: "JSON is a line, or indented where a person seems to read it",
    async run({ ask, make }) {
      await make("leases", lease("a"));
      const isIndented = async (line: string, agent?: string): Promise<boolean> => {
        const options = agent === undefined ? {} : { headers: { "user-agent": agent } };
        const { text } = await ask(line, options);
        return text.startsWith('{\n  "kind": ');
      };
      for (const [line, agent, expected] of [
        ["GET leases/a", "client/1.0", false],
        ["GET leases/a?pretty=true", "client/1.0", true],
        ["GET leases/a?pretty=1", "client/1.0", true],
        ["GET leases/a?pretty=false", "client/1.0", false],
        ["GET leases/a", "curl/8.0", true],
        ["GET leases/a", "Mozilla/5.0", true],
        ["GET leases/a", "Wget/1", true],
        ["GET leases/a?pretty=false", "curl/8.0", false],
        ["GET leases/absent?pretty=true", "client/1.0", true],
      ] as const) {
        assert.equal(await isIndented(line, agent), expected, `${line} of ${agent}`);
      }
    },
  },
  {
    name: "large answers are compressed for whoever takes that",
    async run({ ask, make }) {
      const holderIdentity = "abcdefgh".repeat(20_000);
      await make("leases", lease("big", { holderIdentity }));
      await make("leases", lease("small"));
      const headers = { "accept-encoding": "gzip" };
      for (const line of ["GET leases/big", "GET leases"]) {
        const answer = await ask(line, { headers });
        assert.deepEqual(answer.headers["content-encoding"], ["gzip"], line);
        assert.deepEqual(answer.headers["vary"], ["Accept-Encoding"], line);
        assert.ok(gunzipSync(answer.bytes).toString("utf8").includes(holderIdentity), line);
      }
      for (const [line, encoding] of [
        ["GET leases/small", "gzip"],
        ["GET leases/big", "deflate"],
        ["GET leases/big", ""],
      ] as const) {
        const answer = await ask(line, { headers: { "accept-encoding": encoding } });
        assert.equal(answer.headers["content-encoding"], undefined, `${line} for ${encoding}`);
      }
    },
  },
  table("answers are nobody's to cache, and carry the id of their audit", {
    given: [lease("a")],
    rows: [
      ["GET leases/a", ok(stored, { headers: { "cache-control": "no-cache, private" } })],
      ["GET leases/absent", { ...notFound("absent"), headers: { "cache-control": "no-cache, private" } }],
      [
        "POST leases",
        { json: lease("b") },
        created(storedLease("b"), { headers: { "cache-control": "no-cache, private" } }),
      ],
    ],
  }),
  {
    name: "an audit id is given, or kept where the client gives one",
    async run({ ask }) {
      const given = await ask("GET leases", {
        headers: { "audit-id": "11111111-1111-4111-8111-111111111111" },
      });
      assert.deepEqual(given.headers["audit-id"], ["11111111-1111-4111-8111-111111111111"]);
      const own = await ask("GET leases");
      assert.match(own.headers["audit-id"]?.[0] ?? "", /^[0-9a-f-]{36}$/);
    },
  },
  table("a body is passed over where none is wanted", {
    given: [lease("a")],
    rows: [["GET leases/a", { raw: "anything", type: "text/plain" }, ok(stored)]],
  }),
  {
    name: "many requests at once are all answered, each with its own",
    async run({ ask }) {
      const names = Array.from({ length: 60 }, (_, index) => `l${index}`);
      const answers = await Promise.all(names.map((name) => ask("POST leases", { json: lease(name) })));
      for (const [index, answer] of answers.entries()) answer.is(created(storedLease(names[index] ?? "")));
      (await ask("GET leases")).is(ok(leaseList(names.toSorted().map((name) => storedLease(name)))));
    },
  },
];

function notAcceptable(types: string): Expected {
  return refused(406, "NotAcceptable", {
    message: `406: Not Acceptable\n\nAvailable representations: ${types}`,
    details: {},
  });
}
