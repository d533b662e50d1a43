import { jsonToYaml, encodeProtobuf, type MessageTable, type MessageValue } from "@leasehold/api";
import { mediaTypeNames, negotiatePlain, type MediaType } from "../codec/negotiate.ts";
import type { HttpAnswer, HttpRequest } from "./exchange.ts";
import { firstHeader } from "./request-headers.ts";
import { compactJson, indentedJson, respond, wantsPretty } from "./respond.ts";

/** A document about the API itself: like an object it comes in every encoding, but nobody stores it. */
export interface MetaDocument {
  readonly kind: string;
  /** Empty for those that do not say. */
  readonly apiVersion: string;
  readonly table: MessageTable;
  /** In the shape and order of its JSON. */
  readonly value: MessageValue;
}

/** The document in the form that was asked for; undefined when there is none. */
export function answerMetaDocument(
  request: HttpRequest,
  document: MetaDocument,
): HttpAnswer | Promise<HttpAnswer> | undefined {
  const output = negotiatePlain(firstHeader(request.headers, "accept"));
  if (output === undefined) return undefined;
  const { mediaType } = output;
  const { contentType, bytes } = encodeMetaDocument(document, {
    mediaType,
    pretty: wantsPretty(request, output),
  });
  return respond(request, { status: 200, contentType, body: bytes });
}

export function encodeMetaDocument(
  { kind, apiVersion, table, value }: MetaDocument,
  { mediaType, pretty }: { readonly mediaType: MediaType; readonly pretty: boolean },
): { readonly contentType: string; readonly bytes: string | Uint8Array } {
  const contentType = mediaTypeNames[mediaType];
  const json = { kind, ...(apiVersion !== "" && { apiVersion }), ...value };
  switch (mediaType) {
    case "protobuf":
      return { contentType, bytes: encodeProtobuf({ kind, apiVersion, ...value }, table) };
    case "yaml":
      return { contentType, bytes: jsonToYaml(JSON.stringify(json)) };
    case "json":
      return { contentType, bytes: pretty ? indentedJson(json) : compactJson(json) };
  }
}
