import { message, type ValueOf } from "../schema.ts";
import { listMeta } from "./list-meta.ts";
import { metadataField } from "./object-meta.ts";

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** An object of any kind, cut down to its metadata. */
export const partialObjectMetadataTable = message({
  name: "PartialObjectMetadata",
  package: metaPackage,
  description: "The metadata of an object of any kind.",
  fields: [metadataField],
});

/** A list of objects of any kind, cut down to their metadata. */
export const partialObjectMetadataListTable = message({
  name: "PartialObjectMetadataList",
  package: metaPackage,
  description: "The metadata of several objects of one kind.",
  fields: [
    {
      name: "metadata",
      number: 1,
      type: listMeta,
      presence: "always",
      default: {},
      description: "Metadata of the list.",
    },
    {
      name: "items",
      number: 2,
      type: partialObjectMetadataTable,
      container: "list",
      presence: "always",
      required: true,
      description: "The objects' metadata.",
    },
  ],
});

export type PartialObjectMetadata = ValueOf<typeof partialObjectMetadataTable>;
