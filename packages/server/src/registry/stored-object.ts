import {
  decodeProtobufFields,
  encodeProtobuf,
  openProtobufEnvelope,
  type ApiObject,
  type Kind,
} from "@leasehold/api";
import { limits } from "../limits.ts";
import { Remembered } from "../remembered.ts";
import type { Change, Entry } from "../store/store.ts";

/** The object that a version of a key holds: decoded once, and the same object for every reader and watcher. */
export function objectOf(kind: Kind, entry: Entry): ApiObject {
  const known = decoded.get(entry);
  if (known !== undefined) return inVersionOf(kind, known);
  return remember(kind, decodeStored(kind, entry.value), entry);
}

/** The object as a deletion leaves it to be told of: its last state, under the deletion's own version. */
export function deletedObject(
  kind: Kind,
  change: Change & { readonly before: Entry | undefined },
): ApiObject {
  const known = deleted.get(change);
  if (known !== undefined) return inVersionOf(kind, known);
  if (change.before === undefined) throw new Error(`nothing was there before the change of ${change.key}`);
  const object = withResourceVersion(objectOf(kind, change.before), change.revision);
  deleted.set(change, object);
  return object;
}

/** Keeps an object as what a freshly written version holds, so that it need not be decoded again. */
export function remember(kind: Kind, object: ApiObject, entry: Entry): ApiObject {
  const stored = withResourceVersion(withoutSelfLink(object), entry.revision);
  decoded.set(entry, stored);
  return inVersionOf(kind, stored);
}

/**
 * The bytes to store: the envelope that kube-apiserver writes to etcd. They carry no resourceVersion, as that is the revision of
 * whatever stores them, and no selfLink: a client may send one, but nobody keeps it.
 */
export function encodeStored(kind: Kind, object: ApiObject): Uint8Array {
  const { metadata } = object;
  const { apiVersion } = kind.storage;
  const kept = { ...metadata, resourceVersion: undefined, selfLink: undefined };
  return encodeProtobuf({ ...object, apiVersion, metadata: kept }, kind.table);
}

const decoded = new Remembered<Entry, ApiObject>(limits.rememberedObjectsMax);
const deleted = new Remembered<Change, ApiObject>(limits.rememberedObjectsMax);

function decodeStored(kind: Kind, value: Uint8Array): ApiObject {
  const envelope = openProtobufEnvelope(value);
  if (envelope.kind === "malformed") throw unreadable(envelope.message);
  const message = decodeProtobufFields(envelope.message, kind.table);
  if (message.kind === "malformed") throw unreadable(message.message);
  // The table vouches for the shape: every kind has metadata.
  return { apiVersion: kind.storage.apiVersion, kind: kind.kind, ...message.value } as ApiObject;
}

function unreadable(problem: string): Error {
  return new Error(`a stored object cannot be read: ${problem}`);
}

function withResourceVersion(object: ApiObject, revision: number): ApiObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, resourceVersion: String(revision) } };
}

function withoutSelfLink(object: ApiObject): ApiObject {
  if (object.metadata.selfLink === undefined) return object;
  const { selfLink: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Versions of one resource share their stored form and differ in the name of the version alone. */
function inVersionOf(kind: Kind, object: ApiObject): ApiObject {
  const { version } = kind;
  const apiVersion = kind.group === "" ? version : `${kind.group}/${version}`;
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}
