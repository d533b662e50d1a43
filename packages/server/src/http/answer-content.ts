import { statusErrors, validateTableOptions, type StatusBody } from "@leasehold/api";
import type { Content } from "../codec/content.ts";
import { encodeContent } from "../codec/encode.ts";
import { mediaTypeNames, type MediaType, type Output } from "../codec/negotiate.ts";
import { plainTable, type TableRequest } from "../codec/table.ts";
import { textParameter } from "../codec/query.ts";
import type { HttpAnswer } from "./exchange.ts";
import type { Asked, ServedContent } from "./resource-exchange.ts";
import { respond, wantsPretty } from "./respond.ts";

/** Encodes what a verb answers, in the form that was asked for. */
export function answerContent(
  asked: Asked,
  { status, content }: ServedContent,
): HttpAnswer | Promise<HttpAnswer> {
  const { request, output } = asked;
  refuseUnfitForm(content, output);
  const table = tableRequest(asked);
  const pretty = output.mediaType === "json" && wantsPretty(request, output);
  const body = encodeContent(content, output, { table, pretty });
  const contentType = mediaTypeNames[output.mediaType];
  return respond(request, { status, contentType, body });
}

/** A Status in a media type, for refusals. */
export function encodeStatus(
  status: StatusBody,
  { mediaType, pretty }: { readonly mediaType: MediaType; readonly pretty: boolean },
): string | Uint8Array {
  const output: Output = { mediaType, pretty, as: { kind: "object" } };
  return encodeContent({ kind: "status", status }, output, { table: plainTable, pretty });
}

/** How a Table is wanted, by the query. */
export function tableRequest({ output, query, registry }: Asked): TableRequest {
  if (output.as.kind !== "Table") return plainTable;
  const includeObject = textParameter(query, "includeObject");
  const [error] = validateTableOptions({ includeObject });
  if (error !== undefined) {
    const why = `${error.field}: ${error.message}`;
    throw statusErrors.badRequest(`Unable to convert to Table as requested: ${why}`);
  }
  const nowMs = registry.clock.nowMs();
  const included = includeObject === "Object" || includeObject === "None" ? includeObject : "Metadata";
  return { includeObject: included, withColumns: true, nowMs };
}

/** A list is no single object, and the other way round; a Status is always itself. */
function refuseUnfitForm(content: Content, { as }: Output): void {
  if (content.kind === "status") return;
  const isList = content.kind === "list";
  const name = goTypeName(content);
  if (as.kind === "PartialObjectMetadata" && isList) {
    throw statusErrors.notAcceptable(
      `you requested PartialObjectMetadata, but the requested object is a list (${name})`,
    );
  }
  if (as.kind === "PartialObjectMetadataList" && !isList) {
    throw statusErrors.notAcceptable(
      `you requested PartialObjectMetadataList, but the requested object is not a list (${name})`,
    );
  }
}

/** The type as kube-apiserver prints it: its package is the first word of the group. */
function goTypeName({ of, kind }: Exclude<Content, { kind: "status" }>): string {
  const group = of.group === "" ? "core" : (of.group.split(".")[0] ?? "");
  return `*${group}.${of.kind}${kind === "list" ? "List" : ""}`;
}
