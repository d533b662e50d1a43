import type { ServedKind } from "@leasehold/api";

/** Where objects of a kind are found. */
export interface Place {
  /** Absent for kinds without namespaces, and for all namespaces together. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** `/apis/coordination.k8s.io/v1/namespaces/n/leases/x`, percent-encoded. */
export function resourcePath(kind: ServedKind, { namespace, name }: Place, query: Query = {}): string {
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const scope = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  const item = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  return `${root}${scope}/${kind.plural}${item}${queryText(query)}`;
}

/** Parameters of a request. What is undefined is not sent. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

function queryText(query: Query): string {
  const parts = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`],
  );
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
