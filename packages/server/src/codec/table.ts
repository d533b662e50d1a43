import {
  encodeJsonFields,
  encodeJsonValue,
  jsonString,
  listMetaTable,
  withTypeMeta,
  type ApiObject,
  type Column,
  type Kind,
} from "@leasehold/api";
import { ageText } from "./age.ts";
import { listMetaOf, type Content } from "./content.ts";
import { objectJson, partialJson } from "./object-json.ts";

/** How a Table is wanted. */
export interface TableRequest {
  /** What of the object each row carries. */
  readonly includeObject: "Metadata" | "Object" | "None";
  /** Columns are described in the first event of a watch only. */
  readonly withColumns: boolean;
  /** Against which ages are reckoned. */
  readonly nowMs: number;
}

/** The annotation, with the value "true", of the bookmark that ends the initial events of a watch. */
export const initialEventsEnd = "k8s.io/initial-events-end";

export const plainTable: TableRequest = { includeObject: "Metadata", withColumns: true, nowMs: 0 };

type TableContent = Exclude<Content, { kind: "status" }>;

/** What kubectl prints: the kind's columns and a row for each object. */
export function tableJson(content: TableContent, version: string, request: TableRequest): string {
  const kind = content.of as Kind;
  const objects = content.kind === "list" ? content.objects : [content.object];
  const columns = request.withColumns ? `[${kind.columns.map(columnDefinition).join(",")}]` : "null";
  const rows = objects.map((object) => rowJson(object, { kind, version, request }));
  const fields = `"metadata":${metadataJson(content)},"columnDefinitions":${columns},"rows":[${rows.join(",")}]`;
  return withTypeMeta(`{${fields}}`, { apiVersion: `meta.k8s.io/${version}`, kind: "Table" });
}

function metadataJson(content: TableContent): string {
  const metadata =
    content.kind === "list"
      ? listMetaOf(content)
      : { resourceVersion: content.object.metadata.resourceVersion };
  return encodeJsonFields(metadata, listMetaTable);
}

/** Its members stand as Go's struct has them, not in a map's order. */
function columnDefinition({ name, type, format, description, priority }: Column): string {
  const texts = Object.entries({ name, type, format, description });
  const members = texts.map(([member, text]) => `"${member}":${jsonString(text)}`).join(",");
  return `{${members},"priority":${priority}}`;
}

interface RowForm {
  readonly kind: Kind;
  readonly version: string;
  readonly request: TableRequest;
}

function rowJson(object: ApiObject, { kind, version, request }: RowForm): string {
  const age = (time: string | undefined): string => ageText(time, request.nowMs);
  const cells = encodeJsonValue(kind.columns.map((column) => column.cell(object, age)));
  return `{"cells":${cells},"object":${includedObject(object, { kind, version, request })}}`;
}

function includedObject(object: ApiObject, { kind, version, request }: RowForm): string {
  switch (request.includeObject) {
    case "Metadata":
      return partialJson(object, version);
    case "Object":
      return objectJson(kind, object);
    case "None":
      // Its annotation is all that the end of the initial events has to say.
      return object.metadata.annotations?.[initialEventsEnd] === "true"
        ? partialJson(object, version)
        : "null";
  }
}
