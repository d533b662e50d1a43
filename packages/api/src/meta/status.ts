import { listMeta } from "./list-meta.ts";
import { message, type ValueOf } from "../schema.ts";

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";

const statusCause = message({
  name: "StatusCause",
  package: metaPackage,
  description: "One of the reasons for a failure.",
  fields: [
    {
      name: "reason",
      number: 1,
      type: "string",
      errorType: "v1.CauseType",
      presence: "value",
      description: "A word for the cause.",
    },
    { name: "message", number: 2, type: "string", presence: "value", description: "A sentence for people." },
    { name: "field", number: 3, type: "string", presence: "value", description: "The field it concerns." },
  ],
});

const statusDetails = message({
  name: "StatusDetails",
  package: metaPackage,
  description: "What a failure concerns, for programs to read.",
  fields: [
    { name: "name", number: 1, type: "string", presence: "value", description: "Name of the object." },
    { name: "group", number: 2, type: "string", presence: "value", description: "Group of the resource." },
    { name: "kind", number: 3, type: "string", presence: "value", description: "Kind or resource." },
    {
      name: "uid",
      number: 6,
      type: "string",
      errorType: "types.UID",
      presence: "value",
      description: "UID of the object.",
    },
    {
      name: "causes",
      number: 4,
      type: statusCause,
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The single causes.",
    },
    {
      name: "retryAfterSeconds",
      number: 5,
      type: "int32",
      presence: "value",
      description: "Seconds to wait before asking again.",
    },
  ],
});

/** The answer to a request that returns no object, and to every refused one. */
export const status = message({
  name: "Status",
  package: metaPackage,
  description: "The outcome of a request that does not return another object.",
  fields: [
    { name: "metadata", number: 1, type: listMeta, presence: "always", description: "Empty." },
    { name: "status", number: 2, type: "string", presence: "value", description: "Success or Failure." },
    { name: "message", number: 3, type: "string", presence: "value", description: "A sentence for people." },
    {
      name: "reason",
      number: 4,
      type: "string",
      errorType: "v1.StatusReason",
      presence: "value",
      description: "A word for the failure.",
    },
    {
      name: "details",
      number: 5,
      type: statusDetails,
      presence: "pointer",
      listType: "atomic",
      description: "What the failure concerns.",
    },
    { name: "code", number: 6, type: "int32", presence: "value", description: "The HTTP status code." },
  ],
});

export type StatusDetails = ValueOf<typeof statusDetails>;
export type StatusCause = ValueOf<typeof statusCause>;

/** A Status without its apiVersion and kind, which encoding adds. */
export type StatusBody = ValueOf<typeof status>;
