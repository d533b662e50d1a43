import { encodeJsonFields, encodeJsonList, listMetaTable, statusTable, withTypeMeta } from "@leasehold/api";
import {
  listMetaOf,
  partialTypeMeta,
  statusTypeMeta,
  typeMetaOf,
  type Content,
  type ListContent,
} from "./content.ts";
import type { OutputForm } from "./negotiate.ts";
import { objectFields, objectJson, partialJson } from "./object-json.ts";
import { tableJson, type TableRequest } from "./table.ts";

/** The content as compact JSON text, without a final newline. `table` says how a Table is wanted, where one is. */
export function jsonForm(content: Content, form: OutputForm, table: TableRequest): string {
  if (content.kind === "status")
    return withTypeMeta(encodeJsonFields(content.status, statusTable), statusTypeMeta);
  switch (form.kind) {
    case "object":
      return content.kind === "list" ? listJson(content) : objectJson(content.of, content.object);
    case "Table":
      return tableJson(content, form.version, table);
    case "PartialObjectMetadata":
      return content.kind === "list" ? "" : partialJson(content.object, form.version);
    case "PartialObjectMetadataList":
      return content.kind === "list" ? partialListJson(content, form.version) : "";
  }
}

function listJson(list: ListContent): string {
  const metadata = encodeJsonFields(listMetaOf(list), listMetaTable);
  const items = list.objects.map((object) => objectFields(list.of, object));
  return encodeJsonList(typeMetaOf(list.of, "List"), { metadata, items });
}

/** Items keep their type here, and an empty list is null: both as in kube-apiserver. */
function partialListJson(list: ListContent, version: string): string {
  const metadata = encodeJsonFields(listMetaOf(list), listMetaTable);
  const items = list.objects.map((object) => partialJson(object, version));
  const typeMeta = partialTypeMeta(version, "List");
  if (items.length === 0) return withTypeMeta(`{"metadata":${metadata},"items":null}`, typeMeta);
  return encodeJsonList(typeMeta, { metadata, items });
}
