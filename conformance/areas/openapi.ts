import assert from "node:assert/strict";
import { type ConformanceCase, table } from "../case.ts";
import { ok } from "../vocabulary/leases.ts";
import { anything, having, including, textLike } from "../wire/match.ts";

const leases = "/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases";
const document = "/openapi/v3/apis/coordination.k8s.io/v1";
const leaseSchema = "io.k8s.api.coordination.v1.Lease";

/** Types and forms of a Lease's fields; descriptions are each server's own. */
const leaseSpec = {
  acquireTime: having({ type: "string", format: "date-time" }),
  holderIdentity: having({ type: "string" }),
  leaseDurationSeconds: having({ type: "integer", format: "int32" }),
  leaseTransitions: having({ type: "integer", format: "int32" }),
  preferredHolder: having({ type: "string" }),
  renewTime: having({ type: "string", format: "date-time" }),
  strategy: having({ type: "string" }),
};

export const openapiCases: readonly ConformanceCase[] = [
  {
    name: "the index leads to a document for each group and version, by its hash",
    async run({ ask }) {
      const index = await ask("GET /openapi/v3");
      const { paths } = JSON.parse(index.text) as {
        readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
      };
      const { serverRelativeURL } =
        paths["apis/coordination.k8s.io/v1"] ?? assert.fail("no document of the group");
      assert.match(serverRelativeURL, /^\/openapi\/v3\/apis\/coordination\.k8s\.io\/v1\?hash=[0-9A-F]{128}$/);
      const answer = (await ask(`GET ${serverRelativeURL}`)).is(ok(having({ openapi: textLike(/^3\./) })));
      assert.match(answer.headers["cache-control"]?.[0] ?? "", /immutable/);
      const stale = await ask(`GET ${document}?hash=0`);
      assert.equal(stale.status, 301);
      assert.equal(stale.headers["location"]?.[0], serverRelativeURL);
    },
  },
  {
    name: "a document is not sent again to whoever has it",
    async run({ ask }) {
      const etag = (await ask(`GET ${document}`)).headers["etag"]?.[0] ?? assert.fail("no ETag");
      (await ask(`GET ${document}`, { headers: { "if-none-match": etag } })).is({ status: 304 });
    },
  },
  {
    name: "a document that is compressed says that its form was chosen, too",
    async run({ ask }) {
      const { headers } = await ask("GET /openapi/v2", { headers: { "accept-encoding": "gzip" } });
      assert.deepEqual(headers["content-encoding"], ["gzip"]);
      assert.equal(headers["vary"]?.join(", "), "Accept-Encoding, Accept");
    },
  },
  {
    name: "the paths of leases are told with their operations",
    async run({ ask }) {
      const answer = await ask(`GET ${document}`);
      const { paths } = answer.body as {
        readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
      };
      const operations = (path: string): readonly string[] => Object.keys(paths[path] ?? {}).toSorted();
      assert.deepEqual(operations(leases), ["delete", "get", "parameters", "post"]);
      assert.deepEqual(operations(`${leases}/{name}`), ["delete", "get", "parameters", "patch", "put"]);
      assert.deepEqual(operations("/apis/coordination.k8s.io/v1/leases"), ["get", "parameters"]);
      const get = paths[`${leases}/{name}`]?.["get"] as Readonly<Record<string, unknown>>;
      assert.equal(get["operationId"], "readCoordinationV1NamespacedLease");
      assert.deepEqual(get["x-kubernetes-group-version-kind"], {
        group: "coordination.k8s.io",
        version: "v1",
        kind: "Lease",
      });
    },
  },
  table("a Lease has a schema that says its kind and its fields", {
    rows: [
      [
        `GET ${document}`,
        ok(
          having({
            components: having({
              schemas: having({
                [leaseSchema]: having({
                  type: "object",
                  properties: having({ metadata: anything, spec: anything }),
                  "x-kubernetes-group-version-kind": [
                    { group: "coordination.k8s.io", version: "v1", kind: "Lease" },
                  ],
                }),
                [`${leaseSchema}Spec`]: having({ type: "object", properties: withReferences() }),
              }),
            }),
          }),
        ),
      ],
    ],
  }),
  table("older clients read the second version of OpenAPI", {
    rows: [
      [
        "GET /openapi/v2",
        ok(
          having({
            swagger: "2.0",
            paths: having({ [leases]: anything }),
            definitions: having({
              [leaseSchema]: having({
                type: "object",
                "x-kubernetes-group-version-kind": including({
                  group: "coordination.k8s.io",
                  version: "v1",
                  kind: "Lease",
                }),
              }),
              [`${leaseSchema}Spec`]: anything,
            }),
          }),
        ),
      ],
    ],
  }),
  {
    name: "the second version is had in protobuf, which kubectl asks for",
    async run({ ask }) {
      const accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
      const answer = await ask("GET /openapi/v2", { accept });
      assert.equal(answer.status, 200);
      assert.match(answer.text, /io\.k8s\.api\.coordination\.v1\.Lease/);
    },
  },
];

/** In the third version a time is a reference to its schema. */
function withReferences(): unknown {
  return having({ ...leaseSpec, acquireTime: anything, renewTime: anything });
}
