import {
  encodeJsonFields,
  objectMetaTable,
  withTypeMeta,
  type ApiObject,
  type ServedKind,
} from "@leasehold/api";
import { limits } from "../limits.ts";
import { Remembered } from "../remembered.ts";
import { partialTypeMeta, typeMetaOf } from "./content.ts";

/** An object with its kind and apiVersion. */
export function objectJson(kind: ServedKind, object: ApiObject): string {
  return withTypeMeta(objectFields(kind, object), typeMetaOf(kind));
}

/** The metadata of an object, as the type that has nothing else. */
export function partialJson(object: ApiObject, version: string): string {
  const metadata = encodeJsonFields(object.metadata, objectMetaTable);
  return withTypeMeta(`{"metadata":${metadata}}`, partialTypeMeta(version, ""));
}

/** Encoded once, however often the object is read, listed or watched. */
const encodedFields = new Remembered<ApiObject, string>(limits.rememberedObjectsMax);

/** An object as an item of a list has it: without kind and apiVersion. */
export function objectFields(kind: ServedKind, object: ApiObject): string {
  const known = encodedFields.get(object);
  if (known !== undefined) return known;
  const text = encodeJsonFields(object, kind.table);
  encodedFields.set(object, text);
  return text;
}
