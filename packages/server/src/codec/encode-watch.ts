import { encodeProtobufWatchEvent, encodeWatchFrame, type ApiObject, type Kind } from "@leasehold/api";
import { limits } from "../limits.ts";
import { Remembered } from "../remembered.ts";
import type { WatchEvent } from "../verbs/watch.ts";
import type { Content } from "./content.ts";
import { emptyObject } from "../registry/managed-fields/empty-object.ts";
import { jsonForm } from "./json-form.ts";
import type { Output } from "./negotiate.ts";
import { protobufForm } from "./protobuf-form.ts";
import { initialEventsEnd, type TableRequest } from "./table.ts";

/** How the events of one watch are to be written. */
export interface EventForm {
  readonly kind: Kind;
  readonly output: Output;
  readonly table: TableRequest;
}

/**
 * The bytes of one event, framed as its media type wants it: encoded once for all watchers who want it so. Undefined when the
 * event does not come in this form, which ends the watch: one object is no list.
 */
export function encodeEvent(event: WatchEvent, form: EventForm): Uint8Array | undefined {
  if (form.output.as.kind === "PartialObjectMetadataList" && event.type !== "ERROR") return undefined;
  if (event.type === "ERROR" || event.type === "BOOKMARK" || form.output.as.kind === "Table") {
    return encode(event, form);
  }
  const forms = encodedOf(event.object);
  const key = `${event.type} ${form.kind.version} ${form.output.mediaType} ${form.output.as.kind} ${versionOf(form)}`;
  const known = forms.get(key);
  if (known !== undefined) return known;
  const bytes = encode(event, form);
  forms.set(key, bytes);
  return bytes;
}

function versionOf({ output }: EventForm): string {
  return output.as.kind === "object" ? "" : output.as.version;
}

/** By object: one version of a key is one object, however many watch it. */
const encoded = new Remembered<ApiObject, Map<string, Uint8Array>>(limits.rememberedObjectsMax);

function encodedOf(object: ApiObject): Map<string, Uint8Array> {
  const known = encoded.get(object);
  if (known !== undefined) return known;
  const forms = new Map<string, Uint8Array>();
  encoded.set(object, forms);
  return forms;
}

function encode(event: WatchEvent, { kind, output, table }: EventForm): Uint8Array {
  const content = contentOf(event, kind);
  if (output.mediaType === "protobuf") {
    const object = protobufForm(content, output.as);
    return encodeWatchFrame(encodeProtobufWatchEvent({ type: event.type, object }));
  }
  return Buffer.from(`{"type":"${event.type}","object":${jsonForm(content, output.as, table)}}\n`);
}

function contentOf(event: WatchEvent, kind: Kind): Content {
  switch (event.type) {
    case "ERROR":
      return { kind: "status", status: event.error.status };
    case "BOOKMARK":
      return { kind: "object", of: kind, object: bookmarkOf(event, kind) };
    default:
      return { kind: "object", of: kind, object: event.object };
  }
}

/** An object of the kind with nothing but a version; the one that ends the initial events says so. */
function bookmarkOf(event: Extract<WatchEvent, { type: "BOOKMARK" }>, kind: Kind): ApiObject {
  const annotations = event.endsInitialEvents ? { [initialEventsEnd]: "true" } : undefined;
  return { ...emptyObject(kind), metadata: { resourceVersion: String(event.revision), annotations } };
}
