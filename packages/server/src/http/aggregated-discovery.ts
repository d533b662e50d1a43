import type { Kind, ServedKind } from "@leasehold/api";
import { negotiateDiscovery } from "../codec/negotiate.ts";
import type { ApiGroup, ApiVersion } from "./api-groups.ts";
import { groupDiscoveryListTable } from "./discovery-tables.ts";
import { documentHash } from "./entity-tag.ts";
import type { HttpAnswer, HttpRequest } from "./exchange.ts";
import { encodeMetaDocument, type MetaDocument } from "./meta-document.ts";
import { firstHeader } from "./request-headers.ts";
import { respond, wantsPretty } from "./respond.ts";

/**
 * Everything below `/api` or `/apis` in one document, which kubectl and client-go ask for first. It says of itself whether it
 * changed: with its ETag in If-None-Match a client gets a 304.
 */
export function aggregatedDocument(
  groups: readonly ApiGroup[],
): (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer> | undefined {
  const value = { metadata: {}, items: groups.map(groupDiscovery) };
  const document: MetaDocument = {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    table: groupDiscoveryListTable,
    value,
  };
  const hash = documentHash(JSON.stringify(value));
  return (request) => {
    const output = negotiateDiscovery(firstHeader(request.headers, "accept"));
    if (output === undefined) return undefined;
    const headers = { "Cache-Control": "public", ETag: `"${hash}"`, Vary: "Accept" };
    // Unlike those of OpenAPI, this tag must be all that the header says.
    if (firstHeader(request.headers, "if-none-match") === headers.ETag)
      return { status: 304, headers, body: undefined };
    const { mediaType } = output;
    const encoded = encodeMetaDocument(document, { mediaType, pretty: wantsPretty(request, output) });
    const contentType = `${encoded.contentType};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`;
    return respond(request, { status: 200, contentType, body: encoded.bytes, headers });
  };
}

function groupDiscovery({ name, versions }: ApiGroup): object {
  return { metadata: name === "" ? {} : { name }, versions: versions.map(versionDiscovery) };
}

function versionDiscovery({ version, kinds }: ApiVersion): object {
  return { version, resources: kinds.map(resourceDiscovery), freshness: "Current" };
}

function resourceDiscovery(kind: ServedKind | Kind): object {
  // Empty: the same as where the resource stands.
  const responseKind = { group: "", version: "", kind: kind.kind };
  const subresources = "subresources" in kind ? kind.subresources : [];
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.scope === "namespaced" ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: kind.verbs.toSorted(),
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    ...(subresources.length > 0 && {
      subresources: subresources
        .map(({ name: subresource, verbs }) => ({ subresource, responseKind, verbs: verbs.toSorted() }))
        .toSorted((a, b) => (a.subresource < b.subresource ? -1 : 1)),
    }),
  };
}
