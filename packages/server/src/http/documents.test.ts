import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind, namespaceKind } from "@leasehold/api";
import { createDocuments } from "./documents.ts";
import type { HttpRequest, WholeAnswer } from "./exchange.ts";
import { RequestMetrics } from "./metrics.ts";
import { createRouter } from "./route.ts";

const metrics = new RequestMetrics();
let problem: string | undefined;
const kinds = [leaseKind, namespaceKind];
const documents = createDocuments({
  kinds,
  serverAddress: () => "127.0.0.1:7443",
  version: "0.1.0",
  health: {
    live: [{ name: "store", check: () => problem }],
    ready: [{ name: "feed", check: () => undefined }],
  },
  metrics,
  gauges: [{ name: "leasehold_revision", help: "The newest revision.", read: () => 7 }],
  nowMs: () => 0,
});
const router = createRouter({ kinds, ...documents });

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

test("the legacy discovery names groups, versions and resources as kube-apiserver does", async () => {
  const v1 = { groupVersion: "coordination.k8s.io/v1", version: "v1" };
  const group = { name: "coordination.k8s.io", versions: [v1], preferredVersion: v1 };
  assert.deepEqual(await json("/api"), {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "127.0.0.1:7443" }],
  });
  assert.deepEqual(await json("/apis"), { kind: "APIGroupList", apiVersion: "v1", groups: [group] });
  assert.deepEqual(await json("/apis/coordination.k8s.io"), { kind: "APIGroup", apiVersion: "v1", ...group });
  assert.deepEqual(await json("/apis/coordination.k8s.io/v1/"), {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: "coordination.k8s.io/v1",
    resources: [
      {
        name: "leases",
        singularName: "lease",
        namespaced: true,
        kind: "Lease",
        verbs: allVerbs,
        storageVersionHash: "gqkMMb/YqFM=",
      },
    ],
  });
  assert.deepEqual(await json("/api/v1"), {
    kind: "APIResourceList",
    groupVersion: "v1",
    resources: [
      {
        name: "namespaces",
        singularName: "namespace",
        namespaced: false,
        kind: "Namespace",
        verbs: allVerbs.filter((verb) => verb !== "deletecollection"),
        shortNames: ["ns"],
        storageVersionHash: "Q3oi5N2YM8M=",
      },
      {
        name: "namespaces/finalize",
        singularName: "",
        namespaced: false,
        kind: "Namespace",
        verbs: ["update"],
      },
      {
        name: "namespaces/status",
        singularName: "",
        namespaced: false,
        kind: "Namespace",
        verbs: ["get", "patch", "update"],
      },
    ],
  });
});

test("aggregated discovery is one document, with an ETag that spares the next one", async () => {
  const answer = await ask("/apis", { accept: `${aggregated},application/json` });
  assert.equal(answer.headers["Content-Type"], aggregated);
  assert.equal(answer.headers["Cache-Control"], "public");
  assert.equal(answer.headers["Vary"], "Accept");
  assert.deepEqual(JSON.parse(String(answer.body)), {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: [
      {
        metadata: { name: "coordination.k8s.io" },
        versions: [
          {
            version: "v1",
            resources: [
              {
                resource: "leases",
                responseKind: { group: "", version: "", kind: "Lease" },
                scope: "Namespaced",
                singularResource: "lease",
                verbs: allVerbs,
              },
            ],
            freshness: "Current",
          },
        ],
      },
    ],
  });
  const etag = String(answer.headers["ETag"]);
  assert.match(etag, /^"[0-9A-F]{128}"$/);
  const again = await ask("/apis", { accept: aggregated, "if-none-match": etag });
  assert.deepEqual([again.status, again.body], [304, undefined]);
});

test("a form that discovery does not have is refused", async () => {
  for (const accept of ["text/html", aggregated.replace("v=v2", "v=v2beta1")]) {
    await assert.rejects(async () => ask("/apis", { accept }), {
      message:
        "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf",
    });
  }
  await assert.rejects(async () => ask("/apis/", { accept: aggregated }), /only the following media types/);
});

test("the root lists the paths that there are", async () => {
  const { paths } = await json("/");
  assert.ok(Array.isArray(paths));
  const wanted = ["/api", "/api/v1", "/apis", "/apis/coordination.k8s.io", "/apis/coordination.k8s.io/v1"];
  for (const path of [...wanted, "/healthz/ping", "/livez", "/readyz/feed", "/metrics", "/version"]) {
    assert.ok(paths.includes(path), path);
  }
  assert.ok(!paths.includes("/apis/coordination.k8s.io/"));
});

test("the version is one that clients can compare", async () => {
  const version = await json("/version");
  assert.match(String(version["gitVersion"]), /^v1\.36\.3\+leasehold-0\.1\.0$/);
  assert.deepEqual([version["major"], version["minor"]], ["1", "36"]);
});

test("health is one word, or a line for each check", async () => {
  const lines: readonly (readonly [url: string, text: string])[] = [
    ["/healthz", "ok"],
    ["/livez?verbose", "[+]ping ok\n[+]store ok\nlivez check passed\n"],
    ["/readyz?verbose", "[+]ping ok\n[+]store ok\n[+]feed ok\nreadyz check passed\n"],
    ["/readyz?verbose&exclude=ping", "[+]ping excluded: ok\n[+]store ok\n[+]feed ok\nreadyz check passed\n"],
    [
      "/livez?verbose&exclude=b&exclude=a&exclude=a",
      '[+]ping ok\n[+]store ok\nwarn: some health checks cannot be excluded: no matches for "a","b"\nlivez check passed\n',
    ],
    ["/livez/ping?verbose", "ok"],
  ];
  for (const [url, text] of lines) assert.equal((await ask(url)).body, text, url);
});

test("what is wrong is told under its own name only", async () => {
  problem = "disk full";
  try {
    const all = await ask("/livez");
    assert.deepEqual(
      [all.status, all.body],
      [500, "[+]ping ok\n[-]store failed: reason withheld\nlivez check failed\n"],
    );
    const one = await ask("/livez/store");
    assert.deepEqual([one.status, one.body], [500, "internal server error: disk full\n"]);
    assert.equal((await ask("/livez?exclude=store")).status, 200);
  } finally {
    problem = undefined;
  }
});

test("requests are counted by verb, resource and code", async () => {
  const get = { of: leaseKind, action: "get", subresource: "" } as const;
  metrics.record({ ...get, status: 200, durationMs: 10 });
  metrics.record({ ...get, status: 404, durationMs: 70_000 });
  const text = String((await ask("/metrics")).body);
  const labels =
    'component="apiserver",group="coordination.k8s.io",resource="leases",scope="namespaced",subresource="",verb="GET",version="v1"';
  for (const line of [
    `apiserver_request_total{code="200",${labels}} 1`,
    `apiserver_request_total{code="404",${labels}} 1`,
    `apiserver_request_duration_seconds_bucket{${labels},le="0.005"} 0`,
    `apiserver_request_duration_seconds_bucket{${labels},le="0.025"} 1`,
    `apiserver_request_duration_seconds_bucket{${labels},le="60"} 1`,
    `apiserver_request_duration_seconds_bucket{${labels},le="+Inf"} 2`,
    `apiserver_request_duration_seconds_count{${labels}} 2`,
    "leasehold_revision 7",
    "# TYPE process_cpu_seconds_total counter",
  ]) {
    assert.ok(text.includes(`${line}\n`) || text.endsWith(line), line);
  }
});

async function json(url: string): Promise<Record<string, unknown>> {
  const value: unknown = JSON.parse(String((await ask(url)).body));
  assert.ok(typeof value === "object" && value !== null);
  return { ...value };
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<WholeAnswer> {
  const [path = "", query = ""] = url.split("?");
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
  const route = router(request);
  assert.ok(route.kind === "route" && route.target.kind === "document", url);
  const answer = await route.target.answer(request);
  assert.ok("body" in answer);
  return answer;
}
