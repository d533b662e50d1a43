import type { OpenApiDocument, OpenApiDocuments } from "./document.ts";
import type { JsonPart } from "./json-schema.ts";

/**
 * Everything in one document of OpenAPI 2, for clients that know no other. It is the third version told in older words: bodies
 * are parameters, answers have one schema, and schemas have no defaults.
 */
export function swaggerOf(documents: OpenApiDocuments): JsonPart {
  const all = [...documents.values()].map((make) => make());
  return {
    swagger: "2.0",
    info: all[0]?.["info"],
    paths: sorted(
      all.flatMap((document) => Object.entries(document.paths).map(([path, item]) => [path, pathItem(item)])),
    ),
    definitions: definitions(all),
    securityDefinitions: all[0]?.components.securitySchemes,
    security: [{ BearerToken: [] }],
  };
}

type Entry = readonly [name: string, value: unknown];

function sorted(entries: readonly (readonly unknown[])[]): JsonPart {
  const named = entries.map(([name, value]): Entry => [String(name), value]);
  return Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Types that several group versions have in common carry the names of each, which are gathered. */
function definitions(documents: readonly OpenApiDocument[]): JsonPart {
  const gathered = new Map<string, JsonPart>();
  for (const [name, value] of documents.flatMap(({ components }) => Object.entries(components.schemas))) {
    const before = gathered.get(name);
    gathered.set(
      name,
      before === undefined ? schema(value) : { ...before, ...mergeNames(before, part(value)) },
    );
  }
  return sorted([...gathered]);
}

const typeNames = "x-kubernetes-group-version-kind";

function mergeNames(before: JsonPart, after: JsonPart): JsonPart {
  if (before[typeNames] === undefined) return {};
  const all = [...list(before[typeNames]), ...list(after[typeNames])];
  return {
    [typeNames]: [
      ...new Map(all.map((name) => [JSON.stringify(sorted(Object.entries(part(name)))), name])).values(),
    ],
  };
}

function pathItem(item: JsonPart): JsonPart {
  return mapValues(item, (value, name) =>
    name === "parameters" ? list(value).map(parameter) : operation(part(value)),
  );
}

function operation({ requestBody, responses, parameters, ...rest }: JsonPart): JsonPart {
  const body = requestBody === undefined ? undefined : part(requestBody);
  const produces = Object.keys(part(part(part(responses)["200"])["content"]));
  // Documents are strict about what a request without a body calls its body; resources are not.
  const bodiless = rest["x-kubernetes-action"] === undefined ? produces : ["*/*"];
  const consumes = body === undefined ? bodiless : Object.keys(part(body["content"]));
  const own = [...list(parameters).map(parameter), ...(body === undefined ? [] : [bodyParameter(body)])];
  return {
    ...rest,
    consumes,
    produces,
    schemes: ["https"],
    ...(own.length > 0 && { parameters: own }),
    responses: mapValues(part(responses), (value) => response(part(value))),
  };
}

function response({ description, content }: JsonPart): JsonPart {
  const found = content === undefined ? undefined : schemaOf(part(content));
  return { description, ...(found !== undefined && { schema: found }) };
}

function bodyParameter({ content, required }: JsonPart): JsonPart {
  return {
    name: "body",
    in: "body",
    ...(required === true && { required }),
    schema: schemaOf(part(content)),
  };
}

function parameter(value: unknown): JsonPart {
  const { schema: type, ...rest } = part(value);
  return { ...rest, ...part(type) };
}

function schemaOf(content: JsonPart): unknown {
  const [first] = Object.values(content);
  return first === undefined ? undefined : schema(part(first)["schema"]);
}

/** A reference stands beside its description here, and not in a list of one. */
function schema(value: unknown): JsonPart {
  const { allOf, default: _dropped, properties, items, additionalProperties, $ref, ...rest } = part(value);
  const inner = allOf === undefined ? $ref : part(list(allOf)[0])["$ref"];
  return {
    ...rest,
    ...(typeof inner === "string" && { $ref: inner.replace("#/components/schemas/", "#/definitions/") }),
    ...(items !== undefined && { items: schema(items) }),
    ...(additionalProperties !== undefined && { additionalProperties: schema(additionalProperties) }),
    ...(properties !== undefined && { properties: mapValues(part(properties), schema) }),
  };
}

function mapValues(value: JsonPart, change: (value: unknown, name: string) => unknown): JsonPart {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member, name)]));
}

function part(value: unknown): JsonPart {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
