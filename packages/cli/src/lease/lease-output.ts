import { encodeJsonValue, jsonToYaml, type JsonValue, type Lease, prettyJson } from "@leasehold/api";
import type { Flag } from "../flag.ts";
import { maybeFlag } from "../flag-rows.ts";
import { parseWord } from "../flag-values.ts";

const formats = ["json", "yaml", "name"] as const;
/** How objects are written; without one, a table for people. */
export type OutputFormat = (typeof formats)[number];

export const outputFlag: Flag<OutputFormat | undefined> = maybeFlag(
  {
    flag: "output",
    short: "o",
    placeholder: formats.join("|"),
    help: "the objects without their managed fields, or their names; otherwise a table",
  },
  parseWord(formats),
);

/** One object, without the end of its last line. */
export function writeLease(lease: Lease, format: OutputFormat): string {
  return format === "name" ? nameOf(lease) : written(shown(lease), format);
}

/** Several of them as kubectl writes them: a List, or a name a line. */
export function writeLeases(leases: readonly Lease[], format: OutputFormat): string {
  if (format === "name") return leases.map(nameOf).join("\n");
  const list = {
    apiVersion: "v1",
    items: leases.map(shown),
    kind: "List",
    metadata: { resourceVersion: "" },
  };
  return written(list, format);
}

/** As kubectl shows it. */
function shown(lease: Lease): JsonValue {
  const { managedFields: _, ...metadata } = lease.metadata;
  return { ...lease, metadata };
}

function nameOf({ metadata }: Lease): string {
  return `lease.coordination.k8s.io/${metadata.name ?? ""}`;
}

function written(value: JsonValue, format: "json" | "yaml"): string {
  const compact = encodeJsonValue(value);
  return format === "json" ? prettyJson(compact) : jsonToYaml(compact).trimEnd();
}
