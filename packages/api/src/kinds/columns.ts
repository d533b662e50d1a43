import type { ApiObject, Column } from "../kind.ts";

/**
 * Columns that many kinds share. Their descriptions are part of the wire: a Table carries them, and clients compare Tables.
 */
export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  description:
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
  priority: 0,
  cell: ({ metadata }) => metadata.name ?? "",
};

const creationDescription =
  "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/** How long ago the object was created, as kubectl says it. */
export const ageColumn: Column = {
  name: "Age",
  type: "string",
  format: "",
  description: creationDescription,
  priority: 0,
  cell: ({ metadata }, age) => age(metadata.creationTimestamp),
};

/** The columns of a kind that has none of its own: there the age is a date, and kubectl reckons. */
export const plainColumns: readonly Column[] = [
  nameColumn,
  {
    name: "Created At",
    type: "date",
    format: "",
    description: creationDescription,
    priority: 0,
    cell: ({ metadata }) => metadata.creationTimestamp ?? "0001-01-01T00:00:00Z",
  },
];

/** A column of text. */
export function textColumn<O extends ApiObject>(
  { name, description, wide = false }: { name: string; description: string; wide?: boolean },
  cell: (object: O) => string,
): Column<O> {
  return { name, type: "string", format: "", description, priority: wide ? 1 : 0, cell };
}
