import { listMetaTable, objectMetaTable, type Field, type MessageTable } from "@leasehold/api";

/**
 * The types of discovery. OpenAPI and the protobuf encoder read them; their JSON is written from the values as they are.
 * Source: apimachinery/pkg/apis/meta/v1 and api/apidiscovery/v2.
 */
const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";
const discoveryPackage = "io.k8s.api.apidiscovery.v2";

type Shape = Pick<MessageTable, "name" | "package" | "description">;

function table(shape: Shape, fields: readonly Field[]): MessageTable {
  return { ...shape, fields };
}

/** What a field is called, and what it says. */
type Named = readonly [number: number, name: string, description: string];

function needed([number, name, description]: Named, type: Field["type"] = "string"): Field {
  return { number, name, type, description, presence: "always", required: true };
}

function optional([number, name, description]: Named, type: Field["type"] = "string"): Field {
  return { number, name, type, description, presence: "value" };
}

function list(field: Field): Field {
  return { ...field, container: "list", listType: "atomic" };
}

const serverAddress = table(
  {
    name: "ServerAddressByClientCIDR",
    package: metaPackage,
    description: "The address that clients of a network reach the server at.",
  },
  [needed([1, "clientCIDR", "The network."]), needed([2, "serverAddress", "Host and port."])],
);
const addressesName = "serverAddressByClientCIDRs";
const addressesText = "Where clients reach the server, by where they are.";

export const apiVersionsTable = table(
  { name: "APIVersions", package: metaPackage, description: "The versions of the core group." },
  [
    list(needed([1, "versions", "The versions."])),
    list(needed([2, addressesName, addressesText], serverAddress)),
  ],
);

const groupVersion = table(
  { name: "GroupVersionForDiscovery", package: metaPackage, description: "A version of a group." },
  [needed([1, "groupVersion", "Group and version."]), needed([2, "version", "The version alone."])],
);

export const apiGroupTable = table(
  { name: "APIGroup", package: metaPackage, description: "A group and its versions." },
  [
    needed([1, "name", "Name of the group."]),
    list(needed([2, "versions", "Its versions, the most stable first."], groupVersion)),
    optional([3, "preferredVersion", "The version that clients should use."], groupVersion),
    list(optional([4, addressesName, addressesText], serverAddress)),
  ],
);

export const apiGroupListTable = table(
  { name: "APIGroupList", package: metaPackage, description: "The groups that have names." },
  [list(needed([1, "groups", "The groups."], apiGroupTable))],
);

const verbs: MessageTable = {
  name: "Verbs",
  package: metaPackage,
  description: "What may be done.",
  bareList: true,
  fields: [list(optional([1, "items", "The verbs."]))],
};

const apiResource = table(
  { name: "APIResource", package: metaPackage, description: "A resource, or a subresource." },
  [
    needed([1, "name", "The plural, with the subresource behind a slash."]),
    needed([6, "singularName", "The singular."]),
    needed([2, "namespaced", "Whether its objects live in namespaces."], "bool"),
    optional([8, "group", "Group of the objects, where it is another."]),
    optional([9, "version", "Version of the objects, where it is another."]),
    needed([3, "kind", "Kind of the objects."]),
    needed([4, "verbs", "What may be done."], verbs),
    list(optional([5, "shortNames", "Abbreviations for people."])),
    list(optional([7, "categories", "Names for several resources at once."])),
    optional([10, "storageVersionHash", "Changes when objects are stored in another version."]),
  ],
);

export const apiResourceListTable = table(
  { name: "APIResourceList", package: metaPackage, description: "The resources of a group version." },
  [
    needed([1, "groupVersion", "Group and version."]),
    list(needed([2, "resources", "The resources."], apiResource)),
  ],
);

const responseKind: Field = {
  ...optional(
    [2, "responseKind", "Kind of the objects."],
    table({ name: "GroupVersionKind", package: metaPackage, description: "A kind." }, [
      needed([1, "group", "Group."]),
      needed([2, "version", "Version."]),
      needed([3, "kind", "Kind."]),
    ]),
  ),
  presence: "pointer",
};

const subresource = table(
  { name: "APISubresourceDiscovery", package: discoveryPackage, description: "A subresource." },
  [needed([1, "subresource", "Its name."]), responseKind, list(needed([4, "verbs", "What may be done."]))],
);

const resource = table(
  { name: "APIResourceDiscovery", package: discoveryPackage, description: "A resource." },
  [
    needed([1, "resource", "The plural."]),
    responseKind,
    needed([3, "scope", "Namespaced or Cluster."]),
    needed([4, "singularResource", "The singular."]),
    list(needed([5, "verbs", "What may be done."])),
    list(optional([6, "shortNames", "Abbreviations for people."])),
    list(optional([7, "categories", "Names for several resources at once."])),
    list(optional([8, "subresources", "What stands below its objects."], subresource)),
  ],
);

const version = table({ name: "APIVersionDiscovery", package: discoveryPackage, description: "A version." }, [
  needed([1, "version", "The version."]),
  list(optional([2, "resources", "Its resources."], resource)),
  optional([3, "freshness", "Current, or Stale where the server could not ask."]),
]);

const group = table({ name: "APIGroupDiscovery", package: discoveryPackage, description: "A group." }, [
  { ...optional([1, "metadata", "Names the group."], objectMetaTable), presence: "always" },
  list(optional([2, "versions", "Its versions, the most stable first."], version)),
]);

export const groupDiscoveryListTable = table(
  {
    name: "APIGroupDiscoveryList",
    package: discoveryPackage,
    description: "Groups with all that is in them.",
  },
  [
    { ...optional([1, "metadata", "Empty."], listMetaTable), presence: "always" },
    list(needed([2, "items", "The groups."], group)),
  ],
);
