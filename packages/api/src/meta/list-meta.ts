import { message, type ValueOf } from "../schema.ts";

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";

const shardInfo = message({
  name: "ShardInfo",
  package: metaPackage,
  description: "The part of a collection that a list is about.",
  fields: [
    {
      name: "selector",
      number: 1,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "What was asked for.",
    },
  ],
});

/** What every list carries. */
export const listMeta = message({
  name: "ListMeta",
  package: metaPackage,
  description: "Metadata of a list.",
  fields: [
    {
      name: "selfLink",
      number: 1,
      type: "string",
      presence: "value",
      description: "No longer set by the server.",
    },
    {
      name: "resourceVersion",
      number: 2,
      type: "string",
      presence: "value",
      description: "The version of the whole at which the list was taken; a watch may start from it.",
    },
    {
      name: "continue",
      number: 3,
      type: "string",
      presence: "value",
      description: "Hand it back with the same query to get the next page; empty on the last page.",
    },
    {
      name: "remainingItemCount",
      number: 4,
      type: "int64",
      presence: "pointer",
      description: "How many items follow on later pages, where the server knows.",
    },
    {
      name: "shardInfo",
      number: 5,
      type: shardInfo,
      presence: "pointer",
      description:
        "Set where the list was limited to a range of hashes, which no server does yet by default.",
    },
  ],
});

export type ListMeta = ValueOf<typeof listMeta>;
