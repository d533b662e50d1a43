import {
  apiVersionOf,
  type ApiObject,
  decodeJson,
  listMetaTable,
  type ListMeta,
  type Kind,
  type MessageTable,
  type ServedKind,
} from "@leasehold/api";
import { UnreadableAnswerError } from "../connection/errors.ts";
import { type Members, withUnknownFields } from "./unknown-fields.ts";

/** A page of a list. */
export interface ObjectList<O extends ApiObject> {
  readonly metadata: ListMeta;
  readonly items: readonly O[];
}

/** An object as a server sent it: in canonical form, with the fields that this version of the kind does not know. */
export function readObject<O extends ApiObject>(kind: Kind<O>, bytes: Uint8Array): O {
  const type = { apiVersion: apiVersionOf(kind), kind: kind.kind };
  return objectOf(kind, readMembers(bytes, { ...type, table: kind.table }));
}

export function readList<O extends ApiObject>(kind: Kind<O>, bytes: Uint8Array): ObjectList<O> {
  const type = { apiVersion: apiVersionOf(kind), kind: `${kind.kind}List` };
  const list = readMembers(bytes, { ...type, table: listTable(kind) }) as unknown as {
    readonly metadata: ListMeta;
    readonly items?: readonly Members[];
  };
  return { metadata: list.metadata, items: (list.items ?? []).map((item) => objectOf(kind, item)) };
}

/** Members become an object of the kind; they were read by its table. */
export function objectOf<O extends ApiObject>(kind: Kind<O>, members: Members): O {
  return { ...members, apiVersion: apiVersionOf(kind), kind: kind.kind } as unknown as O;
}

interface ExpectedType {
  readonly apiVersion: string;
  readonly kind: string;
  readonly table: MessageTable;
}

function readMembers(bytes: Uint8Array, expected: ExpectedType): Members {
  const decoded = decodeJson(bytes, expected.table);
  if (decoded.kind === "malformed") throw unreadable(expected, decoded.message);
  const problem = decoded.typeMetaError ?? decoded.valueError;
  if (problem !== undefined) throw unreadable(expected, problem);
  if (decoded.apiVersion !== expected.apiVersion || decoded.typeKind !== expected.kind)
    throw unreadable(expected, `it is a ${JSON.stringify(`${decoded.apiVersion} ${decoded.typeKind}`)}`);
  return decoded.strictErrors.length === 0
    ? decoded.value
    : withUnknownFields(decoded.value, { bytes, table: expected.table });
}

function unreadable({ kind }: ExpectedType, because: string): UnreadableAnswerError {
  return new UnreadableAnswerError(`the answer is not a ${kind}: ${because}`);
}

const listTables = new WeakMap<ServedKind, MessageTable>();

/** A list of the kind, as a table, so that one pass over the bytes reads it whole. */
function listTable(kind: ServedKind): MessageTable {
  let table = listTables.get(kind);
  if (table === undefined) {
    const description = `A list of ${kind.plural}.`;
    table = {
      name: `${kind.kind}List`,
      package: kind.table.package,
      description,
      fields: [
        { name: "metadata", number: 1, type: listMetaTable, presence: "always", description },
        { name: "items", number: 2, type: kind.table, container: "list", presence: "always", description },
      ],
    };
    listTables.set(kind, table);
  }
  return table;
}
