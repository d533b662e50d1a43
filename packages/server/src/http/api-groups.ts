import type { ServedKind } from "@leasehold/api";

/** A group with its versions, the preferred first. */
export interface ApiGroup {
  readonly name: string;
  readonly versions: readonly ApiVersion[];
}

export interface ApiVersion {
  /** `v1` in the core group, `coordination.k8s.io/v1` elsewhere. */
  readonly groupVersion: string;
  readonly version: string;
  /** In the order of their plurals. */
  readonly kinds: readonly ServedKind[];
}

/** The groups in the order in which their first kinds stand. The core group has an empty name. */
export function apiGroups(kinds: readonly ServedKind[]): readonly ApiGroup[] {
  return [...Map.groupBy(kinds, ({ group }) => group)].map(([name, members]) => ({
    name,
    versions: [...Map.groupBy(members, ({ version }) => version)]
      .map(([version, ofVersion]) => ({
        groupVersion: name === "" ? version : `${name}/${version}`,
        version,
        kinds: ofVersion.toSorted((a, b) => compareText(a.plural, b.plural)),
      }))
      .toSorted((a, b) => compareVersions(a.version, b.version)),
  }));
}

/** Kubernetes' order of versions, the most stable first: v2, v1, v1beta2, v1beta1, v1alpha1. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [readVersion(a), readVersion(b)];
  if (left === undefined || right === undefined) return compareText(a, b);
  return right.stability - left.stability || right.major - left.major || right.minor - left.minor;
}

function readVersion(version: string): { stability: number; major: number; minor: number } | undefined {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return undefined;
  const stability = match[2] === undefined ? 2 : match[2] === "beta" ? 1 : 0;
  return { stability, major: Number(match[1]), minor: Number(match[3] ?? 0) };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
