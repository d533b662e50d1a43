import type { MessageTable } from "@leasehold/api";
import { mediaTypeNames, objectMediaTypes } from "../../codec/negotiate.ts";
import type { ApiGroup, ApiVersion } from "../api-groups.ts";
import {
  apiGroupListTable,
  apiGroupTable,
  apiResourceListTable,
  apiVersionsTable,
} from "../discovery-tables.ts";
import { kubernetesVersion, versionInfoTable } from "../version.ts";
import { Schemas, type JsonPart, type TypeName } from "./json-schema.ts";
import { answer, operationsOf, type DescribedKind, type Operation } from "./operations.ts";
import { parameters, type ParameterName } from "./parameters.ts";

/** An OpenAPI 3.0 document, as JSON. */
export interface OpenApiDocument extends JsonPart {
  readonly paths: Readonly<Record<string, JsonPart>>;
  readonly components: { readonly schemas: JsonPart; readonly securitySchemes: JsonPart };
}

/** How a document is made, when somebody asks for it. By the path under `/openapi/v3/`: `api/v1`, `version`, … */
export type OpenApiDocuments = ReadonlyMap<string, () => OpenApiDocument>;

/** All documents that describe the server. */
export function openApiDocuments(groups: readonly ApiGroup[]): OpenApiDocuments {
  const documents = new Map<string, () => OpenApiDocument>([
    [
      "api",
      () => metaDocument({ path: "/api/", tag: "core", id: "getCoreAPIVersions", table: apiVersionsTable }),
    ],
    ["apis", () => metaDocument(groupList)],
    ["version", () => versionDocument()],
  ]);
  for (const group of groups) {
    if (group.name !== "") documents.set(`apis/${group.name}`, () => groupDocument(group));
    for (const version of group.versions) {
      const path = group.name === "" ? `api/${version.version}` : `apis/${version.groupVersion}`;
      documents.set(path, () => versionedDocument(group, version));
    }
  }
  return documents;
}

const groupList: MetaPath = {
  path: "/apis/",
  tag: "apis",
  id: "getAPIVersions",
  table: apiGroupListTable,
  objects: [apiGroupTable],
};

function versionedDocument({ name }: ApiGroup, { version, kinds }: ApiVersion): OpenApiDocument {
  const schemas = new Schemas();
  const root = name === "" ? `/api/${version}` : `/apis/${name}/${version}`;
  const tag = `${groupTag(name)}_${version}`;
  const title = capital(groupTag(name)) + capital(version);
  const place = { schemas, root, tag, title };
  const operations = kinds.flatMap((kind: DescribedKind) => operationsOf(kind, place));
  const list = { path: `${root}/`, tag, id: `get${title}APIResources`, table: apiResourceListTable };
  const paths = {
    ...metaPath(list, { schemas, summary: "get available resources" }),
    ...pathsOf(operations),
  };
  return finish(paths, schemas);
}

function groupDocument({ name }: ApiGroup): OpenApiDocument {
  const tag = groupTag(name);
  return metaDocument({
    path: `/apis/${name}/`,
    tag,
    id: `get${capital(tag)}APIGroup`,
    table: apiGroupTable,
  });
}

interface MetaPath {
  readonly path: string;
  readonly tag: string;
  readonly id: string;
  readonly table: MessageTable;
  /** Those within that are objects too. */
  readonly objects?: readonly MessageTable[];
}

function metaTypes({ name }: MessageTable): readonly TypeName[] {
  return [{ group: "", version: "v1", kind: name }];
}

function metaDocument(meta: MetaPath): OpenApiDocument {
  const schemas = new Schemas();
  for (const table of meta.objects ?? []) schemas.refToObject(table, metaTypes(table));
  return finish(metaPath(meta, { schemas, summary: "get available API versions" }), schemas);
}

function metaPath(
  { path, tag, id, table }: MetaPath,
  { schemas, summary }: { readonly schemas: Schemas; readonly summary: string },
): Record<string, JsonPart> {
  const schema = schemas.refToObject(table, metaTypes(table));
  const responses = answer(schema, objectMediaTypes);
  return { [path]: { get: { tags: [tag], description: summary, operationId: id, responses } } };
}

function versionDocument(): OpenApiDocument {
  const schemas = new Schemas();
  const responses = answer(schemas.refTo(versionInfoTable), [mediaTypeNames.json]);
  const get = {
    tags: ["version"],
    description: "get the version of the server",
    operationId: "getCodeVersion",
    responses,
  };
  return finish({ "/version/": { get } }, schemas);
}

function finish(paths: Readonly<Record<string, JsonPart>>, schemas: Schemas): OpenApiDocument {
  const { major, minor } = kubernetesVersion;
  const bearer = {
    type: "apiKey",
    description: "Bearer Token authentication",
    name: "authorization",
    in: "header",
  };
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: `${major}.${minor}` },
    paths: Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    components: { schemas: schemas.all(), securitySchemes: { BearerToken: bearer } },
  };
}

/** Groups operations by path. What all of them take as parameters stands with the path. */
function pathsOf(operations: readonly Operation[]): Record<string, JsonPart> {
  const paths: Record<string, JsonPart> = {};
  for (const [path, members] of Map.groupBy(operations, (operation) => operation.path)) {
    const [first, ...others] = members.map((member) => member.parameters);
    const shared = (first ?? []).filter((name) => others.every((names) => names.includes(name)));
    const item: Record<string, unknown> = { parameters: parameters(shared) };
    for (const member of members) item[member.method] = withoutShared(member, shared);
    paths[path] = item;
  }
  return paths;
}

function withoutShared({ description, ...operation }: Operation, shared: readonly ParameterName[]): JsonPart {
  const own = operation.parameters.filter((name) => !shared.includes(name));
  return { ...description, ...(own.length > 0 && { parameters: parameters(own) }) };
}

/** `coordination` for coordination.k8s.io, `rbacAuthorization` for rbac.authorization.k8s.io. */
function groupTag(group: string): string {
  if (group === "") return "core";
  const [first = "", ...others] = group.replace(/\.k8s\.io$/, "").split(".");
  return first + others.map(capital).join("");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
