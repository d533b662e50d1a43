import { jsonToYaml, prettyJson } from "@leasehold/api";
import type { Content } from "./content.ts";
import { jsonForm } from "./json-form.ts";
import type { Output } from "./negotiate.ts";
import { protobufForm } from "./protobuf-form.ts";
import type { TableRequest } from "./table.ts";

/** How an answer is to be written, beyond its media type. */
export interface EncodeOptions {
  readonly table: TableRequest;
  /** Indented, and without the final newline that compact JSON has. */
  readonly pretty: boolean;
}

/** The bytes or text of an answer. */
export function encodeContent(
  content: Content,
  { mediaType, as }: Output,
  { table, pretty }: EncodeOptions,
): string | Uint8Array {
  if (mediaType === "protobuf") return protobufForm(content, as);
  const json = jsonForm(content, as, table);
  if (mediaType === "yaml") return jsonToYaml(json);
  return pretty ? prettyJson(json) : `${json}\n`;
}
