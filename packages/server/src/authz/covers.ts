import type { PolicyRule } from "./policy-objects.ts";
import { coversPath } from "./rule-allows.ts";

/**
 * What `wanted` allows and `held` does not, broken down to single verbs, resources and names; empty when everything is covered.
 * Source: k8s.io/component-helpers/auth/rbac/validation.
 */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(brokenDown).filter((part) => !held.some((rule) => covers(rule, part)));
}

/** `{get,list} × {a,b}` becomes four rules, so that each is covered by one other rule or by none. */
function brokenDown(rule: PolicyRule): readonly PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length === 0 ? [undefined] : resourceNames.map((name) => [name]);
  const onResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((name) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames: name,
        })),
      ),
    ),
  );
  const onPaths = nonResourceURLs.flatMap((url) =>
    verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })),
  );
  return [...onResources, ...onPaths];
}

function covers(rule: PolicyRule, part: PolicyRule): boolean {
  return (
    hasAll(rule.verbs, part.verbs) &&
    hasAll(rule.apiGroups, part.apiGroups) &&
    (part.resources ?? []).every((resource) => hasResource(rule.resources, resource)) &&
    (part.nonResourceURLs ?? []).every((url) => coversPath(rule.nonResourceURLs, url)) &&
    hasNames(rule.resourceNames, part.resourceNames)
  );
}

type Texts = readonly string[] | undefined;

function hasAll(held: Texts = [], wanted: Texts = []): boolean {
  return held.includes("*") || wanted.every((item) => held.includes(item));
}

function hasResource(held: Texts = [], wanted: string): boolean {
  if (held.includes("*") || held.includes(wanted)) return true;
  const slash = wanted.indexOf("/");
  return slash >= 0 && held.includes(`*${wanted.slice(slash)}`);
}

/** A rule that is about certain names never covers one that is about all. */
function hasNames(held: Texts = [], wanted: Texts = []): boolean {
  return held.length === 0 || (wanted.length > 0 && wanted.every((name) => held.includes(name)));
}
