import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, namespaceKind } from "@leasehold/api";
import type { HttpRequest, WholeAnswer } from "../exchange.ts";
import { publishOpenApi } from "./publish.ts";

const published = publishOpenApi([leaseKind, namespaceKind], () => Date.UTC(2026, 0, 1));
const leasePath = "/openapi/v3/apis/coordination.k8s.io/v1";

test("the index says where each document is, by what it contains", async () => {
  const index = await ask("/openapi/v3");
  assert.equal(index.headers["Content-Type"], "text/plain; charset=utf-8");
  const { paths } = JSON.parse(String(index.body)) as {
    paths: Record<string, { serverRelativeURL: string }>;
  };
  const names = [
    "api",
    "api/v1",
    "apis",
    "apis/coordination.k8s.io",
    "apis/coordination.k8s.io/v1",
    "version",
  ];
  assert.deepEqual(Object.keys(paths), names);
  for (const name of names) {
    const url = paths[name]?.serverRelativeURL ?? "";
    assert.match(url, /\?hash=[0-9A-F]{128}$/);
    const { status, headers } = await ask(url);
    assert.deepEqual(
      [status, headers["Cache-Control"], headers["Expires"]],
      [200, "public, immutable", "Fri, 01 Jan 2027 00:00:00 UTC"],
      url,
    );
  }
});

test("a document under a wrong hash is elsewhere, and one that the client has is not sent again", async () => {
  const { headers } = await ask(leasePath);
  const etag = String(headers["ETag"]);
  const moved = await ask(`${leasePath}?hash=old`);
  assert.deepEqual(
    [moved.status, moved.headers["Location"]],
    [301, `${leasePath}?hash=${etag.slice(1, -1)}`],
  );
  const same = await ask(leasePath, { "if-none-match": `"other", ${etag}` });
  assert.deepEqual([same.status, same.body, same.headers["Content-Type"]], [304, undefined, undefined]);
});

test("documents come in the forms that there are", async () => {
  const v2 = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
  const forms: readonly (readonly [path: string, accept: string, outcome: string])[] = [
    [leasePath, "application/json", "200 application/json"],
    [leasePath, "*/*", "200 application/json"],
    [leasePath, "application/yaml", "406 undefined"],
    [`${leasePath}x`, "text/html", "404 undefined"],
    ["/openapi/v2", "application/json", "200 application/json"],
    [
      "/openapi/v2",
      `${v2},application/json`,
      "200 application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
    ],
    ["/openapi/v2", "text/html", "406 undefined"],
  ];
  for (const [path, accept, outcome] of forms) {
    const { status, headers } = await ask(path, { accept });
    assert.equal(`${status} ${String(headers["Content-Type"])}`, outcome, `${path} ${accept}`);
  }
});

test("the document of a version describes every path, method and type of its kinds", async () => {
  const document = member(JSON.parse(String((await ask(leasePath)).body)));
  const root = "/apis/coordination.k8s.io/v1";
  const methods = Object.entries(member(document["paths"])).map(([path, item]) => [
    path,
    Object.keys(member(item)).toSorted(),
  ]);
  assert.deepEqual(Object.fromEntries(methods), {
    [`${root}/`]: ["get"],
    [`${root}/leases`]: ["get", "parameters"],
    [`${root}/namespaces/{namespace}/leases`]: ["delete", "get", "parameters", "post"],
    [`${root}/namespaces/{namespace}/leases/{name}`]: ["delete", "get", "parameters", "patch", "put"],
    [`${root}/watch/leases`]: ["get", "parameters"],
    [`${root}/watch/namespaces/{namespace}/leases`]: ["get", "parameters"],
    [`${root}/watch/namespaces/{namespace}/leases/{name}`]: ["get", "parameters"],
  });
  const schemas = member(member(document["components"])["schemas"]);
  const lease = member(schemas["io.k8s.api.coordination.v1.Lease"]);
  assert.deepEqual(lease["x-kubernetes-group-version-kind"], [
    { group: "coordination.k8s.io", version: "v1", kind: "Lease" },
  ]);
  const spec = member(member(schemas["io.k8s.api.coordination.v1.LeaseSpec"])["properties"]);
  const { description: _ours, ...renewTime } = member(spec["renewTime"]);
  assert.deepEqual(renewTime, {
    allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime" }],
  });
  const meta = member(member(schemas["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"])["properties"]);
  const { description: _text, ...owners } = member(meta["ownerReferences"]);
  assert.deepEqual(owners, {
    type: "array",
    items: {
      allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference" }],
      default: {},
    },
    "x-kubernetes-list-map-keys": ["uid"],
    "x-kubernetes-list-type": "map",
    "x-kubernetes-patch-merge-key": "uid",
    "x-kubernetes-patch-strategy": "merge",
  });
});

test("every reference of every document leads somewhere, and every type says what it is for", async () => {
  for (const path of [
    "api",
    "api/v1",
    "apis",
    "apis/coordination.k8s.io",
    "apis/coordination.k8s.io/v1",
    "version",
  ]) {
    const text = String((await ask(`/openapi/v3/${path}`)).body);
    const schemas = member(member(member(JSON.parse(text))["components"])["schemas"]);
    for (const [, name = ""] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      assert.ok(name in schemas, name);
    for (const [name, schema] of Object.entries(schemas)) assert.ok(member(schema)["description"], name);
  }
  const swagger = String((await ask("/openapi/v2")).body);
  const definitions = member(member(JSON.parse(swagger))["definitions"]);
  for (const [, name = ""] of swagger.matchAll(/"#\/definitions\/([^"]+)"/g))
    assert.ok(name in definitions, name);
});

function member(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof value === "object" && value !== null);
  return { ...value };
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<WholeAnswer> {
  const [path = "", query = ""] = url.split("?");
  const route = published.routes.find((candidate) => candidate.path === path);
  const request: HttpRequest = {
    method: "GET",
    path,
    query,
    headers,
    protocol: "HTTP/1.1",
    remoteAddress: "",
    clientCertificate: undefined,
    auditId: "",
    signal: new AbortController().signal,
    readBody: () => Promise.resolve({ kind: "gone" }),
  };
  const answer = await (route?.answer ?? published.below)(request);
  assert.ok("body" in answer);
  return answer;
}
