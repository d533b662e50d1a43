import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "@leasehold/api";
import {
  acceptsAny,
  consumesAny,
  isPretty,
  negotiateInput,
  negotiateOutput,
  negotiatePlain,
  negotiateWatch,
  objectMediaTypes,
  type Output,
} from "./negotiate.ts";

const table = ";as=Table;v=v1;g=meta.k8s.io";
const partial = ";as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const proto = "application/vnd.kubernetes.protobuf";

/** What a kube-apiserver 1.36.3 answered to a GET of a Lease: the encoding and the form, or which stage refused. */
const accepts: readonly (readonly [accept: string, outcome: string])[] = [
  ["", "json object"],
  ["*/*", "json object"],
  ["application/json", "json object"],
  ["application/yaml", "yaml object"],
  [proto, "protobuf object"],
  ["application/*", "406 by the router"],
  ["*", "406 by the router"],
  ["text/html", "406 by the router"],
  ["application/cbor", "406 by the router"],
  ["Application/JSON", "406 by the router"],
  ["application", "406 by the router"],
  ["*/json", "406 by the router"],
  ["application/json;q=0.5,application/yaml", "yaml object"],
  ["application/json;q=0.5, application/yaml;q=0.9, */*;q=0.1", "yaml object"],
  ["text/html,*/*", "json object"],
  ["*/*,application/yaml;q=0.1", "yaml object"],
  ["application/yaml;q=0.1,*/*", "json object"],
  ["application/json;q=bad,application/yaml;q=0.1", "yaml object"],
  ["application/json;q=0", "json object"],
  [`application/json${table}`, "json Table v1"],
  [`application/yaml${table}`, "yaml Table v1"],
  [`${proto}${table}`, "406"],
  [`${proto}${table},application/json`, "json object"],
  [`*/*${table}`, "json Table v1"],
  ["application/json;as=Table;v=v1beta1;g=meta.k8s.io", "json Table v1beta1"],
  ["application/json;as=Table ;v= v1;g=meta.k8s.io", "json Table v1"],
  ["application/json;as=Table;v=v2;g=meta.k8s.io", "406"],
  ["application/json;as=Table;v=v1;g=other", "406"],
  ["application/json;as=Table", "406"],
  ["application/json;g=meta.k8s.io", "406"],
  ["application/json;v=v1", "406"],
  ["application/json;as=Thing;v=v1;g=meta.k8s.io,application/yaml", "yaml object"],
  ["application/json;as=,application/yaml", "json object"],
  ["application/json;as==,application/yaml", "yaml object"],
  [`${proto}${partial}`, "protobuf PartialObjectMetadata v1"],
  [`application/json${partial}`, "json PartialObjectMetadata v1"],
  ["application/json;stream=watch", "json object"],
  ["application/yaml;stream=watch", "406"],
  ["application/yaml;stream=watch,application/json", "json object"],
  ["application/json;stream=foo", "406"],
  ["application/json;sv=v1", "json object"],
  ["application/json;sv=v2", "406"],
  ["application/json;export=1", "json object"],
  ["application/json;pretty=1", "json object pretty"],
  ["application/json;pretty=true", "json object"],
  ["application/json;unknown=x", "json object"],
  ["application/json ; q=0.3 , application/yaml", "yaml object"],
  ["application/json,application/json;q=0.5", "json object"],
  ["application/json/x,application/yaml", "yaml object"],
  ["application/yaml,", "yaml object"],
  ["text/html;q=1,application/yaml;q=0.2,application/json;q=0.3", "json object"],
  ["application/json;q=0.4,application/*;q=0.9,application/yaml;q=0.5", "yaml object"],
  ["*/json,application/yaml", "yaml object"],
  [
    "application/json;profile=nopeer;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io,application/yaml",
    "yaml object",
  ],
];

test("an Accept header is read as kube-apiserver reads it, the second time as the first", () => {
  for (const [accept, outcome] of [...accepts, ...accepts]) {
    assert.equal(
      acceptsAny(accept, objectMediaTypes) ? outcomeOf(() => negotiateOutput(accept)) : "406 by the router",
      outcome,
      accept,
    );
  }
});

test("a watch comes in JSON or protobuf, and says so when it is asked for YAML", () => {
  assert.equal(
    outcomeOf(() => negotiateWatch(`${proto};stream=watch`)),
    "protobuf object",
  );
  assert.equal(
    outcomeOf(() => negotiateWatch(`application/json${table}`)),
    "json Table v1",
  );
  assert.throws(() => negotiateWatch("application/yaml"), {
    message: `only the following media types are accepted: application/json;stream=watch, ${proto};stream=watch`,
  });
});

test("a Status has no other form, whatever is asked of it", () => {
  assert.equal(negotiatePlain("application/yaml")?.mediaType, "yaml");
  assert.equal(negotiatePlain("application/*")?.mediaType, "json");
  assert.equal(negotiatePlain(`application/json${table}`), undefined);
  assert.equal(negotiatePlain("application/json;sv=v1"), undefined);
  assert.equal(negotiatePlain("text/html"), undefined);
});

test("a body is known by its Content-Type, whose parameters must be well-formed and then do not matter", () => {
  const bodies: readonly (readonly [contentType: string, outcome: string])[] = [
    ["", "json"],
    ["application/json", "json"],
    ["Application/JSON", "json"],
    ["application/json; charset=utf-8", "json"],
    ['application/json; charset="utf-8"', "json"],
    ["application/json;stream=watch", "json"],
    ["application/json;", "json"],
    ["application/yaml", "yaml"],
    [proto, "protobuf"],
    ["application/json; charset", "415"],
    ["application/json; a=1; a=2", "415"],
    ["application/json, application/yaml", "415"],
    ["application/cbor", "415"],
    ["text/plain", "415"],
    ["bogus", "415"],
    ["/", "415"],
  ];
  for (const [contentType, outcome] of bodies) {
    assert.equal(
      refusalOf(() => negotiateInput(contentType)),
      outcome,
      contentType,
    );
  }
});

test("the router lets a Content-Type through if one of several fits", () => {
  const patches = ["application/json-patch+json", "application/merge-patch+json"];
  assert.equal(consumesAny("application/merge-patch+json; charset=utf-8", patches), true);
  assert.equal(consumesAny("text/plain, application/merge-patch+json", patches), true);
  assert.equal(consumesAny("", patches), false);
  assert.equal(consumesAny("application/json", patches), false);
});

test("JSON is indented for who asks, and for tools that people look at", () => {
  const output = negotiateOutput("application/json");
  const asked: readonly (readonly [query: string, userAgent: string, pretty: boolean])[] = [
    ["", "kubectl/v1.36", false],
    ["", "curl/8.0", true],
    ["", "Wget/1", true],
    ["", "Mozilla/5.0 (X11)", true],
    ["", "Mozilla/4.0", false],
    ["pretty=true", "", true],
    ["pretty=1", "", true],
    ["pretty=yes", "curl/8.0", false],
    ["pretty=false", "curl/8.0", false],
    ["pretty=", "curl/8.0", true],
    ["x=pretty", "curl/8.0", true],
  ];
  for (const [query, userAgent, pretty] of asked) {
    assert.equal(isPretty(output, { query, userAgent }), pretty, `${query} ${userAgent}`);
  }
  assert.equal(isPretty(negotiateOutput("application/json;pretty=1"), { query: "", userAgent: "" }), true);
});

function outcomeOf(negotiate: () => Output): string {
  return refusalOf(() => {
    const { mediaType, as, pretty } = negotiate();
    const form = as.kind === "object" ? "object" : `${as.kind} ${as.version}`;
    return `${mediaType} ${form}${pretty ? " pretty" : ""}`;
  });
}

function refusalOf(negotiate: () => string): string {
  try {
    return negotiate();
  } catch (error) {
    assert.ok(error instanceof StatusError);
    return String(error.status.code);
  }
}
