import { type ConformanceCase, type Row, table } from "../case.ts";
import { ok } from "../vocabulary/leases.ts";
import { noSuchPath, noSuchResource } from "../vocabulary/statuses.ts";
import { anything, having, including, textLike } from "../wire/match.ts";

type Members = Readonly<Record<string, unknown>>;

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const group = "coordination.k8s.io";
const v1 = { groupVersion: `${group}/v1`, version: "v1" };
const aHash = textLike(/^[A-Za-z0-9+/]{11}=$/);
const plain = "text/plain; charset=utf-8";

const leases = {
  name: "leases",
  singularName: "lease",
  namespaced: true,
  kind: "Lease",
  verbs,
  storageVersionHash: aHash,
};
const candidates = {
  ...leases,
  name: "leasecandidates",
  singularName: "leasecandidate",
  kind: "LeaseCandidate",
};
const namespaces = {
  name: "namespaces",
  singularName: "namespace",
  namespaced: false,
  kind: "Namespace",
  verbs: verbs.filter((verb) => verb !== "deletecollection"),
  shortNames: ["ns"],
  storageVersionHash: aHash,
};

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

export const discoveryCases: readonly ConformanceCase[] = [
  table("the core group and the others are listed apart", {
    rows: [
      [
        "GET /api",
        ok({
          kind: "APIVersions",
          versions: ["v1"],
          serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: anything }],
        }),
      ],
      [
        "GET /apis",
        ok(
          having({
            kind: "APIGroupList",
            apiVersion: "v1",
            groups: including(having({ name: group, preferredVersion: v1, versions: including(v1) })),
          }),
        ),
      ],
      [
        `GET /apis/${group}`,
        ok(
          having({
            kind: "APIGroup",
            apiVersion: "v1",
            name: group,
            preferredVersion: v1,
            versions: including(v1),
          }),
        ),
      ],
    ],
  }),
  table("a version lists its resources with what can be done to them", {
    rows: [
      [`GET /apis/${group}/v1`, ok(resources("coordination.k8s.io/v1", [leases]))],
      [`GET /apis/${group}/v1beta1`, ok(resources("coordination.k8s.io/v1beta1", [candidates]))],
      [`GET /apis/${group}/v1alpha2`, ok(resources("coordination.k8s.io/v1alpha2", [candidates]))],
      [
        "GET /api/v1",
        ok(
          having({
            kind: "APIResourceList",
            groupVersion: "v1",
            resources: including(namespaces, {
              name: "namespaces/finalize",
              singularName: "",
              namespaced: false,
              kind: "Namespace",
              verbs: ["update"],
            }),
          }),
        ),
      ],
    ],
  }),
  table("a trailing slash leads to the same place", {
    rows: [
      [`GET /apis/${group}/`, ok(having({ kind: "APIGroup" }))],
      [`GET /apis/${group}/v1/`, ok(resources("coordination.k8s.io/v1", [leases]))],
      ["GET /api/v1/", ok(having({ kind: "APIResourceList" }))],
      ["GET /apis/", ok(having({ kind: "APIGroupList" }))],
    ],
  }),
  table("what is not served is not found, and a group that is not known is not even a group", {
    rows: [
      [`GET /apis/${group}/v9`, noSuchResource],
      ["GET /api/v2", noSuchResource],
      ["GET /apis/nothing.example.com", noSuchPath],
    ],
  }),
  table("all of it is had in one document", {
    rows: [
      [
        "GET /apis",
        { accept: aggregated },
        {
          ...ok(
            having({
              kind: "APIGroupDiscoveryList",
              items: including(
                having({
                  metadata: having({ name: group }),
                  versions: including(
                    having({ version: "v1", freshness: "Current", resources: [leasesDiscovered()] }),
                  ),
                }),
              ),
            }),
          ),
          type: aggregated,
          headers: { vary: "Accept" },
        },
      ],
      [
        "GET /apis",
        { accept: `${aggregated},application/json` },
        ok(having({ kind: "APIGroupDiscoveryList" }), { type: aggregated }),
      ],
      [
        "GET /apis",
        { accept: `application/json,${aggregated}` },
        ok(having({ kind: "APIGroupDiscoveryList" }), { type: aggregated }),
      ],
      [
        "GET /api",
        { accept: aggregated },
        ok(having({ items: including(having({ versions: including(having({ version: "v1" })) })) }), {
          type: aggregated,
        }),
      ],
    ],
  }),
  {
    name: "the one document has an ETag, and is not sent again to whoever has it",
    async run({ ask }) {
      const first = await ask("GET /apis", { accept: aggregated });
      const etag = first.headers["etag"]?.[0] ?? "";
      (await ask("GET /apis", { accept: aggregated, headers: { "if-none-match": etag } })).is({
        status: 304,
      });
      (await ask("GET /apis", { accept: aggregated, headers: { "if-none-match": '"other"' } })).is(ok());
    },
  },
  table("the root lists paths", {
    rows: [
      [
        "GET /",
        ok({
          paths: including(
            "/api",
            "/api/v1",
            "/apis",
            `/apis/${group}`,
            `/apis/${group}/v1`,
            "/healthz",
            "/livez",
            "/readyz",
            "/openapi/v3",
            "/version",
          ),
        }),
      ],
    ],
  }),
  table("the version is that of the Kubernetes whose wire is spoken", {
    rows: ["/version", "/version/"].map((path): Row => [
      `GET ${path}`,
      ok(
        having({
          major: "1",
          minor: textLike(/^\d+/),
          gitVersion: textLike(/^v1\.\d+\.\d+/),
          platform: textLike(/^(linux|darwin)\/(amd64|arm64)$/),
          emulationMajor: "1",
        }),
      ),
    ]),
  }),
  table("health is a word, or a line for each check", {
    rows: [
      ...[
        "/healthz",
        "/livez",
        "/readyz",
        "/healthz/ping",
        "/livez/ping",
        "/readyz/ping",
        "/readyz?exclude=ping",
        "/livez/ping?verbose",
      ].map((path): Row => [`GET ${path}`, ok("ok", { type: plain })]),
      [
        "GET /livez?verbose",
        ok(textLike(/^\[\+\]ping ok\n(\[\+\][^\n]+ ok\n)*livez check passed\n$/), { type: plain }),
      ],
      [
        "GET /readyz?verbose&exclude=ping",
        ok(textLike(/^\[\+\]ping excluded: ok\n(\[\+\][^\n]+ ok\n)*readyz check passed\n$/), { type: plain }),
      ],
      [
        "GET /livez?verbose&exclude=no-such",
        ok(
          textLike(
            /\nwarn: some health checks cannot be excluded: no matches for "no-such"\nlivez check passed\n$/,
          ),
          { type: plain },
        ),
      ],
      ["GET /healthz/no-such-check", noSuchPath],
    ],
  }),
];

function resources(groupVersion: string, list: readonly Members[]): Members {
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: list };
}

function leasesDiscovered(): Members {
  return {
    resource: "leases",
    responseKind: { group: "", version: "", kind: "Lease" },
    scope: "Namespaced",
    singularResource: "lease",
    verbs,
  };
}
