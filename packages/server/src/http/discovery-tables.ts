import { listMetaTable, objectMetaTable, type Field, type MessageTable } from "@leasehold/api";

/**
 * The types of discovery, as the protobuf encoder needs them. Their JSON is written from the values as they are.
 * Source: apimachinery/pkg/apis/meta/v1 and api/apidiscovery/v2.
 */
const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";
const discoveryPackage = "io.k8s.api.apidiscovery.v2";

function table(name: string, where: string, fields: readonly Field[]): MessageTable {
  return { name, package: where, description: "", fields };
}

function one(number: number, name: string, type: Field["type"] = "string"): Field {
  return { name, number, type, presence: "value", description: "" };
}

function many(number: number, name: string, type: Field["type"] = "string"): Field {
  return { ...one(number, name, type), container: "list" };
}

const serverAddress = table("ServerAddressByClientCIDR", metaPackage, [
  one(1, "clientCIDR"),
  one(2, "serverAddress"),
]);

export const apiVersionsTable = table("APIVersions", metaPackage, [
  many(1, "versions"),
  many(2, "serverAddressByClientCIDRs", serverAddress),
]);

const groupVersion = table("GroupVersionForDiscovery", metaPackage, [
  one(1, "groupVersion"),
  one(2, "version"),
]);

export const apiGroupTable = table("APIGroup", metaPackage, [
  one(1, "name"),
  many(2, "versions", groupVersion),
  { ...one(3, "preferredVersion", groupVersion), presence: "always" },
  many(4, "serverAddressByClientCIDRs", serverAddress),
]);

export const apiGroupListTable = table("APIGroupList", metaPackage, [many(1, "groups", apiGroupTable)]);

const apiResource = table("APIResource", metaPackage, [
  one(1, "name"),
  one(2, "namespaced", "bool"),
  one(3, "kind"),
  // A list in JSON, a message with a list in protobuf.
  { ...one(4, "verbs", table("Verbs", metaPackage, [many(1, "items")])), presence: "pointer" },
  many(5, "shortNames"),
  one(6, "singularName"),
  many(7, "categories"),
  one(8, "group"),
  one(9, "version"),
  one(10, "storageVersionHash"),
]);

export const apiResourceListTable = table("APIResourceList", metaPackage, [
  one(1, "groupVersion"),
  many(2, "resources", apiResource),
]);

const groupVersionKind = table("GroupVersionKind", metaPackage, [
  one(1, "group"),
  one(2, "version"),
  one(3, "kind"),
]);
const responseKind: Field = { ...one(2, "responseKind", groupVersionKind), presence: "pointer" };

const resourceDiscovery = table("APIResourceDiscovery", discoveryPackage, [
  one(1, "resource"),
  responseKind,
  one(3, "scope"),
  one(4, "singularResource"),
  many(5, "verbs"),
  many(6, "shortNames"),
  many(7, "categories"),
  many(
    8,
    "subresources",
    table("APISubresourceDiscovery", discoveryPackage, [
      one(1, "subresource"),
      responseKind,
      many(4, "verbs"),
    ]),
  ),
]);

export const groupDiscoveryListTable = table("APIGroupDiscoveryList", discoveryPackage, [
  { ...one(1, "metadata", listMetaTable), presence: "always" },
  many(
    2,
    "items",
    table("APIGroupDiscovery", discoveryPackage, [
      { ...one(1, "metadata", objectMetaTable), presence: "always" },
      many(
        2,
        "versions",
        table("APIVersionDiscovery", discoveryPackage, [
          one(1, "version"),
          many(2, "resources", resourceDiscovery),
          one(3, "freshness"),
        ]),
      ),
    ]),
  ),
]);
