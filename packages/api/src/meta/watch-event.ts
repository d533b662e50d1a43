import { message, type ValueOf } from "../schema.ts";

/** One change of one object, as a watch tells it. */
export const watchEventTable = message({
  name: "WatchEvent",
  package: "io.k8s.apimachinery.pkg.apis.meta.v1",
  description: "One event of a watch.",
  fields: [
    {
      name: "type",
      number: 1,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.",
    },
    {
      name: "object",
      number: 2,
      type: "raw",
      presence: "always",
      required: true,
      description:
        "The object as it is after the change, or was before its deletion; in a bookmark only its version; a Status in an error.",
    },
  ],
});

export type WatchEvent = ValueOf<typeof watchEventTable>;
