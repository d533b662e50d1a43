import type { Attributes } from "./attributes.ts";
import type { PolicyRule } from "./policy-objects.ts";

/** Whether one rule allows what is wanted: kubernetes/plugin/pkg/auth/authorizer/rbac, RuleAllows. */
export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!names(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === "path") return coversPath(rule.nonResourceURLs, attributes.path);
  return (
    names(rule.apiGroups, attributes.group) &&
    namesResource(rule.resources, attributes) &&
    namesObject(rule.resourceNames, attributes.name)
  );
}

/** Whether one of the URLs is the path, or ends with a `*` and begins it. */
export function coversPath(urls: readonly string[] | undefined, path: string): boolean {
  return (
    urls?.some((url) => url === path || (url.endsWith("*") && path.startsWith(beforeStars(url)))) === true
  );
}

function beforeStars(url: string): string {
  let end = url.length;
  while (url[end - 1] === "*") end -= 1;
  return url.slice(0, end);
}

function names(list: readonly string[] | undefined, wanted: string): boolean {
  if (list === undefined) return false;
  for (const item of list) if (item === wanted || item === "*") return true;
  return false;
}

function namesResource(
  resources: readonly string[] | undefined,
  { resource, subresource }: { readonly resource: string; readonly subresource: string },
): boolean {
  if (resources === undefined) return false;
  if (subresource === "") return names(resources, resource);
  const whole = `${resource}/${subresource}`;
  return names(resources, whole) || resources.includes(`*/${subresource}`);
}

/** A rule without names is about all of them; one with names never about a request that names none. */
function namesObject(resourceNames: readonly string[] | undefined, name: string): boolean {
  return resourceNames === undefined || resourceNames.length === 0 || resourceNames.includes(name);
}
