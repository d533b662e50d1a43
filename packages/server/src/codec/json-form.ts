import {
  encodeJsonFields,
  encodeJsonList,
  listMetaTable,
  objectMetaTable,
  statusTable,
  withTypeMeta,
  type ApiObject,
  type ServedKind,
} from "@leasehold/api";
import {
  listMetaOf,
  partialTypeMeta,
  statusTypeMeta,
  typeMetaOf,
  type Content,
  type ListContent,
} from "./content.ts";
import { limits } from "../limits.ts";
import { Remembered } from "../remembered.ts";
import type { OutputForm } from "./negotiate.ts";
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

/** An object with its kind and apiVersion. */
export function objectJson(kind: ServedKind, object: ApiObject): string {
  return withTypeMeta(objectFields(kind, object), typeMetaOf(kind));
}

/** The metadata of an object, as the type that has nothing else. */
export function partialJson(object: ApiObject, version: string): string {
  const metadata = encodeJsonFields(object.metadata, objectMetaTable);
  return withTypeMeta(`{"metadata":${metadata}}`, partialTypeMeta(version, ""));
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

/** Encoded once, however often the object is read, listed or watched. */
const encodedFields = new Remembered<ApiObject, string>(limits.rememberedObjectsMax);

function objectFields(kind: ServedKind, object: ApiObject): string {
  const known = encodedFields.get(object);
  if (known !== undefined) return known;
  const text = encodeJsonFields(object, kind.table);
  encodedFields.set(object, text);
  return text;
}
