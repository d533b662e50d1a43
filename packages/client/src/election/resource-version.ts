/**
 * Below 0 when `one` is older than `other`, 0 when they are the same, above 0 when it is newer or when that cannot be told. Kubernetes
 * promises (since 1.35, and etcd always gave) decimal numbers that grow; they may outgrow a double, so they are compared as texts.
 */
export function compareVersions(one: string, other: string): number {
  if (one === other) return 0;
  if (!isNumber(one) || !isNumber(other)) return 1;
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : 1;
}

function isNumber(version: string): boolean {
  return /^(0|[1-9][0-9]*)$/.test(version);
}
