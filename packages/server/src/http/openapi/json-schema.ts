import type { Field, MessageTable, ScalarType } from "@leasehold/api";

/** A schema, or any other part of an OpenAPI document: plain JSON. */
export interface JsonPart {
  readonly [name: string]: unknown;
}

export interface TypeName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Collects the schemas of the types that a document speaks of, each once, under the name that Kubernetes gives it. */
export class Schemas {
  readonly #schemas = new Map<string, JsonPart>();
  /** Types that apply takes as one value, wherever they stand. */
  readonly #atomic = new Set<string>();

  /** A reference to the schema of a table, which is added with all that it needs. */
  refTo(table: MessageTable): JsonPart {
    return this.#ref(table, () => this.#messageSchema(table));
  }

  /** The same for a type that stands on its own, with `apiVersion` and `kind`. */
  refToObject(table: MessageTable, types: readonly TypeName[]): JsonPart {
    return this.#ref(table, () => {
      const { properties, ...schema } = this.#messageSchema(table, typeMeta);
      return { ...schema, properties, "x-kubernetes-group-version-kind": types };
    });
  }

  /** The same for a type that has the names but not the fields: an event of a watch. */
  refToBare(table: MessageTable, types: readonly TypeName[]): JsonPart {
    return this.#ref(table, () => ({
      ...this.#messageSchema(table),
      "x-kubernetes-group-version-kind": types,
    }));
  }

  /** By name, for the document. */
  all(): JsonPart {
    const named = [...this.#schemas].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      named.map(([name, schema]) => [
        name,
        this.#atomic.has(name) ? { ...schema, "x-kubernetes-map-type": "atomic" } : schema,
      ]),
    );
  }

  #ref({ package: where, name }: Pick<MessageTable, "package" | "name">, make: () => JsonPart): JsonPart {
    const key = `${where}.${name}`;
    if (!this.#schemas.has(key)) {
      // Taken before it is made, for types that contain themselves.
      this.#schemas.set(key, {});
      this.#schemas.set(key, make());
    }
    return { $ref: `#/components/schemas/${key}` };
  }

  #messageSchema({ description, fields }: MessageTable, first: JsonPart = {}): JsonPart {
    const required = fields.filter((field) => field.required === true).map(({ name }) => name);
    const properties = {
      ...first,
      ...Object.fromEntries(fields.map((field) => [field.name, this.#property(field)])),
    };
    return {
      description,
      type: "object",
      ...(required.length > 0 && { required }),
      ...(Object.keys(properties).length > 0 && { properties }),
    };
  }

  #property(field: Field): JsonPart {
    const { description, container } = field;
    if (field.mapType === "atomic" && typeof field.type !== "string") {
      this.#atomic.add(`${field.type.package}.${field.type.name}`);
    }
    if (container === "list")
      return { description, type: "array", items: this.#item(field), ...listExtensions(field) };
    if (container === "map") {
      const atomic = field.mapType === "atomic" ? { "x-kubernetes-map-type": "atomic" } : {};
      return { description, type: "object", additionalProperties: this.#item(field), ...atomic };
    }
    const value = defaultOf(field);
    return { description, ...this.#single(field), ...(value !== undefined && { default: value }) };
  }

  #bareList({ fields: [list] }: MessageTable): JsonPart {
    return { type: "array", ...(list !== undefined && { items: this.#item(list) }) };
  }

  /** Elements are never absent, so that their zero is their default. */
  #item(field: Field): JsonPart {
    const zero = zeroOf(field);
    return { ...this.#single(field), ...(zero !== undefined && { default: zero }) };
  }

  #single({ type, format, enum: values }: Field): JsonPart {
    if (typeof type !== "string")
      return type.bareList === true ? this.#bareList(type) : { allOf: [this.refTo(type)] };
    const named = namedScalars[type];
    if (named !== undefined) return { allOf: [this.#ref(named, () => named.schema)] };
    return {
      ...plainScalars[type],
      ...(format !== undefined && { format }),
      ...(values !== undefined && { enum: values.toSorted() }),
    };
  }
}

function defaultOf(field: Field): unknown {
  if (field.default !== undefined || field.presence === "pointer") return field.default;
  if (typeof field.type === "string" && field.presence !== "always") return undefined;
  return zeroOf(field);
}

function zeroOf({ type }: Field): unknown {
  if (typeof type === "string") return zeros[type];
  return type.bareList === true ? undefined : {};
}

function listExtensions({ listType, listMapKeys, patchStrategy, patchMergeKey }: Field): JsonPart {
  return {
    ...(listMapKeys !== undefined && { "x-kubernetes-list-map-keys": listMapKeys }),
    ...(listType !== undefined && { "x-kubernetes-list-type": listType }),
    ...(patchMergeKey !== undefined && { "x-kubernetes-patch-merge-key": patchMergeKey }),
    ...(patchStrategy !== undefined && { "x-kubernetes-patch-strategy": patchStrategy }),
  };
}

const typeMeta: JsonPart = {
  apiVersion: { description: "Group and version in which the object is written.", type: "string" },
  kind: { description: "The kind of the object.", type: "string" },
};

const zeros: Readonly<Partial<Record<ScalarType, unknown>>> = { string: "", bool: false, int32: 0, int64: 0 };

const plainScalars: Readonly<Partial<Record<ScalarType, JsonPart>>> = {
  string: { type: "string" },
  bool: { type: "boolean" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  bytes: { type: "string", format: "byte" },
};

interface NamedScalar {
  readonly package: string;
  readonly name: string;
  readonly schema: JsonPart;
}

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** Scalars that have a schema of their own. */
const namedScalars: Readonly<Partial<Record<ScalarType, NamedScalar>>> = {
  time: {
    package: metaPackage,
    name: "Time",
    schema: { description: "A moment, in RFC 3339 with whole seconds.", type: "string", format: "date-time" },
  },
  microTime: {
    package: metaPackage,
    name: "MicroTime",
    schema: { description: "A moment, in RFC 3339 with microseconds.", type: "string", format: "date-time" },
  },
  fields: {
    package: metaPackage,
    name: "FieldsV1",
    schema: { description: "A set of fields, as a trie of their names.", type: "object" },
  },
  raw: {
    package: "io.k8s.apimachinery.pkg.runtime",
    name: "RawExtension",
    schema: { description: "An object of any kind.", type: "object" },
  },
};
