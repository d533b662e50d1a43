import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, namespaceKind, type ServedKind } from "@leasehold/api";
import type { HttpRequest } from "./exchange.ts";
import type { RoutableKind } from "./kind-paths.ts";
import { createRouter, type Target } from "./route.ts";

const objectTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
const review: RoutableKind = {
  ...leaseKind,
  group: "authorization.k8s.io",
  plural: "reviews",
  verbs: ["create"],
};
const document = () => ({ status: 200, headers: {}, body: "" });

const router = createRouter<RoutableKind>({
  kinds: [leaseKind, namespaceKind, review],
  documents: [
    { path: "/", answer: document },
    { path: "/healthz", answer: document },
    { path: "/apis", answer: document },
    { path: "/apis/", answer: document },
    { path: "/api", answer: document, mediaTypes: objectTypes },
    { path: "/api/v1", answer: document, mediaTypes: objectTypes },
    { path: "/apis/coordination.k8s.io", answer: document },
    { path: "/apis/coordination.k8s.io", answer: document, mediaTypes: objectTypes },
    { path: "/apis/coordination.k8s.io/v1", answer: document, mediaTypes: objectTypes },
    { path: "/version", answer: document, mediaTypes: ["application/json"] },
  ],
  openApi: document,
});

const lease = "/apis/coordination.k8s.io/v1";

/** What a kube-apiserver 1.36.3 did with the same paths. */
const paths: readonly (readonly [line: string, outcome: string])[] = [
  [`GET ${lease}`, "document"],
  [`GET ${lease}///`, "document"],
  [`HEAD ${lease}`, "405"],
  [`GET ${lease}/leases`, "list leases"],
  [`GET ${lease}/leases//`, "list leases"],
  [`GET ${lease}//leases`, "404"],
  [`POST ${lease}/leases`, "405"],
  [`GET ${lease}/leases/a`, "404"],
  [`GET ${lease}/namespaces`, "404"],
  [`GET ${lease}/namespaces/n`, "404"],
  [`GET ${lease}/namespaces//leases`, "list leases"],
  [`DELETE ${lease}/namespaces//leases`, "400"],
  [`GET ${lease}/namespaces//leases/a`, "400"],
  [`GET ${lease}/watch/namespaces//leases/a`, "watch leases named a"],
  [`GET ${lease}/namespaces/n/leases`, "list leases in n"],
  [`GET ${lease}/namespaces/n/leases?watch=1`, "watch leases in n"],
  [`GET ${lease}/namespaces/n/leases?watch=false`, "list leases in n"],
  [`POST ${lease}/namespaces/n/leases`, "create leases in n"],
  [`DELETE ${lease}/namespaces/n/leases`, "deletecollection leases in n"],
  [`PUT ${lease}/namespaces/n/leases`, "405"],
  [`TRACE ${lease}/namespaces/n/leases`, "405"],
  [`OPTIONS ${lease}/namespaces/n/leases`, "405"],
  [`GET ${lease}/namespaces/n//leases`, "404"],
  [`GET ${lease}/namespaces/n/Leases`, "404"],
  [`GET ${lease}/namespaces/n/leases/a`, "get leases in n named a"],
  [`GET ${lease}/namespaces/n/leases/a//`, "get leases in n named a"],
  [`PUT ${lease}/namespaces/n/leases/a`, "update leases in n named a"],
  [`DELETE ${lease}/namespaces/n/leases/a`, "delete leases in n named a"],
  [`POST ${lease}/namespaces/n/leases/a`, "405"],
  [`HEAD ${lease}/namespaces/n/leases/a`, "405"],
  [`GET ${lease}/namespaces/n/leases//a`, "404"],
  [`GET ${lease}/namespaces/n/leases/a/status`, "404"],
  [`GET ${lease}/namespaces/n/leases/a/b/c`, "404"],
  [`GET ${lease}/watch/leases`, "watch leases"],
  [`POST ${lease}/watch/leases`, "405"],
  [`GET ${lease}/watch/leases/a`, "404"],
  [`GET ${lease}/watch/namespaces/n/leases`, "watch leases in n"],
  [`GET ${lease}/watch/namespaces/n/leases/a`, "watch leases in n named a"],
  [`GET ${lease}/watch/namespaces/n/leases/a/status`, "404"],
  [`GET ${lease}/watch/namespaces/n`, "404"],
  [`GET ${lease}/watch/watch/leases`, "404"],
  [`GET ${lease}/watch`, "unroutable"],
  [`GET ${lease}/proxy/`, "unroutable"],
  [`GET ${lease}/proxy/leases`, "404"],
  ["GET /apis/coordination.k8s.io/v1x/leases", "404"],
  ["GET /apis/coordination.k8s.io/v9", "404"],
  ["POST /apis/coordination.k8s.io/", "405"],
  ["POST /apis/coordination.k8s.io", "document"],
  ["GET /apis/coordination.k8s.io//", "document"],
  ["GET /apis/coordination.k8s.iox", "answer"],
  ["GET /apis/other.example.com/v1/things", "answer"],
  ["POST /apis", "document"],
  ["GET /apis//", "answer"],
  ["GET //apis", "answer"],
  ["GET /apis/../version", "answer"],
  ["GET /ap%69s", "document"],
  [`GET ${lease}%2Fleases`, "list leases"],
  [`GET ${lease}/namespaces/n/leases/a%2Fb`, "404"],
  [`GET ${lease}/namespaces/n/leases/%C3%A9%20`, "get leases in n named é "],
  [`GET ${lease}/namespaces/n/leases/%ff`, "get leases in n named \udcff"],
  ["GET /api/", "document"],
  ["POST /api", "405"],
  ["GET /api/v2", "404"],
  ["GET /apix", "answer"],
  ["GET /api/v1/namespaces", "list namespaces"],
  ["DELETE /api/v1/namespaces", "405"],
  ["GET /api/v1/namespaces/n", "get namespaces named n"],
  ["GET /api/v1/namespaces/n/status", "get namespaces named n status"],
  ["PUT /api/v1/namespaces/n/finalize", "update namespaces named n finalize"],
  ["GET /api/v1/namespaces/n/finalize", "405"],
  ["GET /api/v1/namespaces/n/status/x", "404"],
  ["GET /api/v1/namespaces/n/nothing", "404"],
  ["GET /api/v1/namespaces/n/leases", "404"],
  ["GET /api/v1/namespaces//status", "400"],
  ["GET /api/v1/watch/namespaces", "watch namespaces"],
  ["GET /api/v1/watch/namespaces/n", "watch namespaces named n"],
  ["GET /api/v1/watch/namespaces/n/status", "404"],
  ["GET /api/v1/watch", "unroutable"],
  ["POST /apis/authorization.k8s.io/v1/namespaces/n/reviews", "create reviews in n"],
  ["GET /apis/authorization.k8s.io/v1/namespaces/n/reviews", "405"],
  ["POST /apis/authorization.k8s.io/v1/reviews", "404"],
  ["GET /version/", "document"],
  ["GET /version/x", "404"],
  ["HEAD /version", "405"],
  ["GET /versionx", "answer"],
  ["GET /healthz/", "answer"],
  ["DELETE /healthz", "document"],
  ["GET /", "document"],
  ["GET //", "answer"],
  ["GET /nope", "answer"],
  ["GET /openapi/v3/x", "document"],
  ["GET /openapi", "answer"],
];

test("a path leads where kube-apiserver leads it", () => {
  for (const [line, outcome] of paths) assert.equal(outcomeOf(line), outcome, line);
});

test("the media types are looked at after the path and the method", () => {
  const refusals: readonly (readonly [line: string, headers: Record<string, string>, message: string])[] = [
    [
      `GET ${lease}/leases`,
      { accept: "text/html" },
      `406: Not Acceptable\n\nAvailable representations: ${objectTypes.join(", ")}, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch`,
    ],
    [
      `GET ${lease}/namespaces/n/leases/a`,
      { accept: "application/*" },
      `406: Not Acceptable\n\nAvailable representations: ${objectTypes.join(", ")}`,
    ],
    [
      "GET /version",
      { accept: "text/html" },
      "406: Not Acceptable\n\nAvailable representations: application/json",
    ],
    ["GET /api", { "content-type": "text/plain" }, "415: Unsupported Media Type"],
    [
      `PATCH ${lease}/namespaces/n/leases/a`,
      { "content-type": "application/json" },
      "415: Unsupported Media Type",
    ],
    [`PATCH ${lease}/namespaces/n/leases/a`, { accept: "text/html" }, "415: Unsupported Media Type"],
    [
      `PUT ${lease}/namespaces/n/leases`,
      { accept: "text/html" },
      "the server does not allow this method on the requested resource",
    ],
  ];
  for (const [line, headers, message] of refusals) {
    const target = targetOf(line, headers);
    assert.ok(target?.kind === "refused", line);
    assert.equal(target.error.message, message);
  }
});

test("a timeout must be a duration, except on a watch, which has another", () => {
  for (const line of [
    `GET ${lease}/leases?timeout=1s`,
    `GET ${lease}/leases?timeout=`,
    `GET ${lease}/leases?watch&timeout=x`,
  ]) {
    assert.equal(router(request(line)).kind, "route", line);
  }
  assert.throws(() => router(request("GET /healthz?timeout=abc")), {
    message: 'invalid timeout specified in the request URL - time: invalid duration "abc"',
  });
});

test("what a request is about does not depend on whether the path exists", () => {
  const about: readonly (readonly [line: string, info: Record<string, string>])[] = [
    [
      "GET /apis/other.example.com/v1/namespaces/n/things/a/status",
      {
        verb: "get",
        group: "other.example.com",
        resource: "things",
        subresource: "status",
        namespace: "n",
        name: "a",
      },
    ],
    ["HEAD /apis/g/v1/things", { verb: "list", resource: "things" }],
    ["DELETE /apis/g/v1/things", { verb: "deletecollection", resource: "things" }],
    ["TRACE /apis/g/v1/things", { verb: "", resource: "things" }],
    ["GET /apis/g/v1/things?watch", { verb: "watch", resource: "things" }],
    [
      "GET /apis/g/v1/things?fieldSelector=metadata.name%3Da",
      { verb: "list", resource: "things", name: "a" },
    ],
    ["GET /apis/g/v1/things?fieldSelector=metadata.name!%3Da", { verb: "list", resource: "things" }],
    [
      "GET /apis/g/v1/things?fieldSelector=x%3Dy,metadata.name%3D%3Da",
      { verb: "list", resource: "things", name: "a" },
    ],
    ["GET /apis/g/v1/watch/things/a", { verb: "watch", resource: "things", name: "a" }],
    [
      "PUT /api/v1/namespaces/n/finalize",
      { verb: "update", group: "", namespace: "n", name: "n", subresource: "finalize" },
    ],
    ["GET /api/v1/namespaces/n", { verb: "get", namespace: "n", resource: "namespaces", name: "n" }],
    ["POST /apis/g/v1", { kind: "path", verb: "post", path: "/apis/g/v1" }],
    ["GET /healthz", { kind: "path", verb: "get", path: "/healthz" }],
    ["GET //apis/g/v1/things", { kind: "resource", verb: "list", resource: "things" }],
  ];
  for (const [line, expected] of about) {
    const route = router(request(line));
    assert.ok(route.kind === "route", line);
    const empty = { group: undefined, subresource: "", namespace: "", name: "" };
    const info = { ...route.info };
    for (const [field, value] of Object.entries({ ...(info.kind === "resource" && empty), ...expected })) {
      if (value !== undefined) assert.equal(Reflect.get(info, field), value, `${line}: ${field}`);
    }
  }
});

test("a path that cannot be read is answered in kube-apiserver's words, with its markup made harmless", () => {
  const route = router(request("GET /api/v1/watch?x=<1>"));
  assert.ok(route.kind === "unroutable");
  assert.equal(
    route.answer.body,
    'Internal Server Error: "/api/v1/watch?x=&lt;1&gt;": failed to create RequestInfo: unable to determine kind and namespace from url, /api/v1/watch?x=&lt;1&gt;\n',
  );
});

function outcomeOf(line: string): string {
  const target = targetOf(line, {});
  if (target === undefined) return "unroutable";
  if (target.kind === "refused") return String(target.error.status.code);
  if (target.kind !== "resource") return target.kind;
  const { action, of, namespace, name, subresource } = target;
  const where = namespace === "" ? "" : ` in ${namespace}`;
  return `${action} ${of.plural}${where}${name === "" ? "" : ` named ${name}`}${subresource === "" ? "" : ` ${subresource}`}`;
}

function targetOf(line: string, headers: Record<string, string>): Target<ServedKind> | undefined {
  const route = router(request(line, headers));
  return route.kind === "route" ? route.target : undefined;
}

function request(line: string, headers: Record<string, string> = {}): HttpRequest {
  const [method = "", url = ""] = line.split(" ");
  const [path = "", query = ""] = url.split("?");
  return {
    method,
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
}
