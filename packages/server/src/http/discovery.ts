import { createHash } from "node:crypto";
import { statusErrors, type Kind, type ServedKind } from "@leasehold/api";
import { objectMediaTypes } from "../codec/negotiate.ts";
import { aggregatedDocument } from "./aggregated-discovery.ts";
import { apiGroups, type ApiGroup, type ApiVersion } from "./api-groups.ts";
import {
  apiGroupListTable,
  apiGroupTable,
  apiResourceListTable,
  apiVersionsTable,
} from "./discovery-tables.ts";
import { answerMetaDocument, type MetaDocument } from "./meta-document.ts";
import type { Document, DocumentRoute } from "./route.ts";

export interface DiscoveryOptions {
  readonly kinds: readonly ServedKind[];
  /** `host:port` at which clients reach the server, known once it listens. */
  readonly serverAddress: () => string;
}

/** What there is: `/api`, `/apis`, and below them the groups and their versions. */
export function discoveryRoutes({ kinds, serverAddress }: DiscoveryOptions): readonly DocumentRoute[] {
  const groups = apiGroups(kinds);
  const named = groups.filter(({ name }) => name !== "");
  const core = groups.filter(({ name }) => name === "");
  const list = plain(() => apiGroupList(named));
  const coreVersions = plain(() => apiVersions(core, serverAddress()));
  return [
    { path: "/api", answer: orAggregated(coreVersions, core), mediaTypes: objectMediaTypes },
    ...core.flatMap(({ versions }) => versions.map((version) => resources("/api", version))),
    { path: "/apis", answer: orAggregated(list, named) },
    { path: "/apis/", answer: list },
    ...named.flatMap((group) => groupRoutes(group)),
  ];
}

/** kube-apiserver's aggregator answers the plain path, go-restful the one with more slashes; they are strict in different ways. */
function groupRoutes(group: ApiGroup): readonly DocumentRoute[] {
  const path = `/apis/${group.name}`;
  const answer = plain(() => ({
    kind: "APIGroup",
    apiVersion: "v1",
    table: apiGroupTable,
    value: apiGroup(group),
  }));
  return [
    { path, answer },
    { path: `${path}/`, answer, unlisted: true },
    { path, answer, mediaTypes: objectMediaTypes },
    ...group.versions.map((version) => resources("/apis", version)),
  ];
}

function resources(prefix: string, version: ApiVersion): DocumentRoute {
  const answer = plain(() => resourceList(version));
  return { path: `${prefix}/${version.groupVersion}`, answer, mediaTypes: objectMediaTypes };
}

/** Refuses every other form than the document's own. */
function plain(make: () => MetaDocument): Document {
  return (request) => {
    const answer = answerMetaDocument(request, make());
    if (answer === undefined) throw statusErrors.onlyAccepted(objectMediaTypes);
    return answer;
  };
}

function orAggregated(other: Document, groups: readonly ApiGroup[]): Document {
  const aggregated = aggregatedDocument(groups);
  return (request) => aggregated(request) ?? other(request);
}

function apiVersions(core: readonly ApiGroup[], serverAddress: string): MetaDocument {
  const value = {
    versions: core.flatMap(({ versions }) => versions.map(({ version }) => version)),
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
  return { kind: "APIVersions", apiVersion: "", table: apiVersionsTable, value };
}

function apiGroupList(groups: readonly ApiGroup[]): MetaDocument {
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    table: apiGroupListTable,
    value: { groups: groups.map(apiGroup) },
  };
}

function apiGroup({ name, versions }: ApiGroup): Readonly<Record<string, unknown>> {
  const all = versions.map(({ groupVersion, version }) => ({ groupVersion, version }));
  return { name, versions: all, preferredVersion: all[0] };
}

/** The core group's lists do not say which version they are; they are older than the custom. */
function resourceList({ groupVersion, kinds }: ApiVersion): MetaDocument {
  const value = { groupVersion, resources: kinds.flatMap(apiResources) };
  const apiVersion = groupVersion.includes("/") ? "v1" : "";
  return { kind: "APIResourceList", apiVersion, table: apiResourceListTable, value };
}

interface ApiResource {
  readonly verbs: readonly string[];
  readonly [field: string]: unknown;
}

function apiResources(kind: ServedKind | Kind): readonly ApiResource[] {
  const { plural: name, singular: singularName, shortNames, categories } = kind;
  const common = { namespaced: kind.scope === "namespaced", kind: kind.kind };
  const resource = {
    name,
    singularName,
    ...common,
    verbs: kind.verbs.toSorted(),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...("storage" in kind && { storageVersionHash: storageVersionHash(kind) }),
  };
  const subresources = "subresources" in kind ? kind.subresources : [];
  return [
    resource,
    ...subresources
      .map(({ name: below, verbs }) => ({
        name: `${name}/${below}`,
        singularName: "",
        ...common,
        verbs: verbs.toSorted(),
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  ];
}

/** Tells migrators when objects ought to be written anew. Source: apiserver/pkg/endpoints/discovery/storageversionhash.go. */
function storageVersionHash({ storage, kind }: Kind): string {
  const version = storage.apiVersion.includes("/") ? storage.apiVersion : `/${storage.apiVersion}`;
  return createHash("sha256").update(`${version}/${kind}`).digest().subarray(0, 8).toString("base64");
}
