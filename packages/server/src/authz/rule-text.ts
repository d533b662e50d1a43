import { quote } from "@leasehold/api";
import type { PolicyRule } from "./policy-objects.ts";

/**
 * Rules for people to read, sorted: `{APIGroups:["coordination.k8s.io"], Resources:["leases"], Verbs:["get" "list"]}`. Rules that differ
 * by their verbs alone are put together. They are of the form that `uncovered` gives: one of each, and at most one name.
 */
export function describeRules(rules: readonly PolicyRule[]): readonly string[] {
  const onPaths = rules.filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0);
  const onResources = new Map<string, PolicyRule>();
  for (const rule of rules) {
    if (onPaths.includes(rule)) continue;
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const before = onResources.get(key)?.verbs ?? [];
    onResources.set(key, { ...rule, verbs: [...before, ...rule.verbs] });
  }
  return [...new Set([...onPaths, ...onResources.values()].map(describe))].toSorted();
}

function describe(rule: PolicyRule): string {
  const parts = [
    part("APIGroups", rule.apiGroups),
    part("Resources", rule.resources),
    part("NonResourceURLs", rule.nonResourceURLs),
    part("ResourceNames", rule.resourceNames),
    part("Verbs", rule.verbs),
  ];
  return `{${parts.filter((text) => text !== "").join(", ")}}`;
}

function part(name: string, texts: readonly string[] = []): string {
  return texts.length === 0 ? "" : `${name}:[${texts.map(quote).join(" ")}]`;
}
