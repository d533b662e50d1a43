import {
  type ApiObject,
  decodeJson,
  type MessageTable,
  type Kind,
  type StatusBody,
  statusTable,
} from "@leasehold/api";
import { UnreadableAnswerError } from "../connection/errors.ts";
import { objectOf } from "../resources/read-object.ts";
import { type Members, withUnknownFields } from "../resources/unknown-fields.ts";
import type { WatchEvent } from "./watch-event.ts";

/** An event, or the error that ends the watch. */
export type WatchLine<O extends ApiObject> =
  | WatchEvent<O>
  | { readonly kind: "error"; readonly status: StatusBody };

export function readWatchEvent<O extends ApiObject>(kind: Kind<O>, line: Uint8Array): WatchLine<O> {
  const table = eventTable(kind.table);
  const decoded = decodeJson(line, table);
  if (decoded.kind === "malformed") throw unreadable(decoded.message);
  const { type } = decoded.value;
  if (type === "ERROR") return { kind: "error", status: readStatus(line) };
  if (decoded.valueError !== undefined) throw unreadable(decoded.valueError);
  const event = (
    decoded.strictErrors.length === 0
      ? decoded.value
      : withUnknownFields(decoded.value, { bytes: line, table })
  ) as { readonly object: Members };
  const { apiVersion: _, kind: __, ...members } = event.object;
  const object = objectOf(kind, members);
  switch (type) {
    case "ADDED":
      return { kind: "added", object };
    case "MODIFIED":
      return { kind: "modified", object };
    case "DELETED":
      return { kind: "deleted", object };
    case "BOOKMARK":
      return bookmarkOf(object);
    default:
      throw unreadable(`its type is ${JSON.stringify(type)}`);
  }
}

function bookmarkOf<O extends ApiObject>({ metadata }: O): WatchEvent<O> {
  const endsInitialEvents = metadata.annotations?.["k8s.io/initial-events-end"] === "true";
  return { kind: "bookmark", resourceVersion: metadata.resourceVersion ?? "", endsInitialEvents };
}

function readStatus(line: Uint8Array): StatusBody {
  const decoded = decodeJson(line, eventTable(statusTable));
  if (decoded.kind === "malformed") throw unreadable(decoded.message);
  return decoded.value["object"] as StatusBody;
}

function unreadable(because: string): UnreadableAnswerError {
  return new UnreadableAnswerError(`an event of the watch cannot be read: ${because}`);
}

const eventTables = new WeakMap<MessageTable, MessageTable>();

/** An event about such an object, as a table, so that one pass over the line reads it whole. */
function eventTable(object: MessageTable): MessageTable {
  let table = eventTables.get(object);
  if (table === undefined) {
    const description = `An event about a ${object.name}.`;
    const text = { type: "string", presence: "value", description } as const;
    const typed = {
      ...object,
      fields: [
        { name: "kind", number: 1001, ...text },
        { name: "apiVersion", number: 1002, ...text },
        ...object.fields,
      ],
    };
    table = {
      name: "WatchEvent",
      package: object.package,
      description,
      fields: [
        { name: "type", number: 1, ...text },
        { name: "object", number: 2, type: typed, presence: "always", description },
      ],
    };
    eventTables.set(object, table);
  }
  return table;
}
