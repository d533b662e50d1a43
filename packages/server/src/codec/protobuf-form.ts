import {
  encodeProtobuf,
  encodeProtobufFields,
  encodeProtobufList,
  listMetaTable,
  partialObjectMetadataTable,
  protobufEnvelope,
  statusTable,
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

/** The content as protobuf in its envelope. There is no Table in protobuf: negotiation has seen to that. */
export function protobufForm(content: Content, form: OutputForm): Uint8Array {
  if (content.kind === "status") return encodeProtobuf({ ...content.status, ...statusTypeMeta }, statusTable);
  const version = form.kind === "object" ? undefined : form.version;
  if (content.kind === "list") return listForm(content, version);
  if (version !== undefined) {
    return protobufEnvelope(partialTypeMeta(version, ""), partialFields(content.object));
  }
  return protobufEnvelope(typeMetaOf(content.of), objectFields(content.of, content.object));
}

function listForm(list: ListContent, version: string | undefined): Uint8Array {
  const metadata = encodeProtobufFields(listMetaOf(list), listMetaTable);
  if (version === undefined) {
    const items = list.objects.map((object) => objectFields(list.of, object));
    return encodeProtobufList(typeMetaOf(list.of, "List"), { metadata, items });
  }
  const items = list.objects.map(partialFields);
  const order = version === "v1beta1" ? "items-first" : "metadata-first";
  return encodeProtobufList(partialTypeMeta(version, "List"), { metadata, items }, order);
}

function partialFields({ metadata }: ApiObject): Uint8Array {
  return encodeProtobufFields({ metadata }, partialObjectMetadataTable);
}

/** Encoded once, however often the object is read, listed or watched. */
const encodedFields = new Remembered<ApiObject, Uint8Array>(limits.rememberedObjectsMax);

function objectFields(kind: ServedKind, object: ApiObject): Uint8Array {
  const known = encodedFields.get(object);
  if (known !== undefined) return known;
  const bytes = encodeProtobufFields(object, kind.table);
  encodedFields.set(object, bytes);
  return bytes;
}
