import { nameMessages, quote } from "@leasehold/api";
import { aggregateText } from "./aggregate-text.ts";
import type { User } from "../authn/user.ts";

/** Why an extra may not be impersonated in a constrained mode, whatever the rights; undefined when nothing is wrong with it. */
export function extraProblem(extra: User["extra"]): string | undefined {
  for (const [key, values] of Object.entries(extra)) {
    const problem = keyProblem(key) ?? valuesProblem(values);
    if (problem !== undefined) return `impersonating ${problem}`;
  }
  return undefined;
}

function keyProblem(key: string): string | undefined {
  if (key === "") return "the empty string key in extra is not allowed";
  const problems = pathProblems(key);
  if (problems.length > 0) return `an invalid key in extra is not allowed: ${aggregateText(problems)}`;
  if (key !== key.toLowerCase()) return `a non-lowercase key in extra is not allowed: ${quote(key)}`;
  return undefined;
}

function valuesProblem(values: readonly string[]): string | undefined {
  if (values.length === 0) return "empty values in extra is not allowed";
  return values.includes("") ? "the empty string value in extra is not allowed" : undefined;
}

/** A key must be a path behind a domain, e.g. `acme.io/foo`. */
function pathProblems(key: string): readonly string[] {
  const slash = key.indexOf("/");
  const host = key.slice(0, Math.max(slash, 0));
  const path = key.slice(slash + 1);
  if (slash <= 0 || path === "")
    return [invalid(key, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const problems = nameMessages("subdomain", host).map((message) => invalid(host, message));
  if (!new RegExp(`^${pathSource}$`).test(path))
    problems.push(invalid(path, `Invalid path (regex used for validation is '${pathSource}')`));
  return problems;
}

/** The characters of a path (RFC 3986), as the message shows them. */
const pathSource = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

function invalid(value: string, because: string): string {
  return `extra.key: Invalid value: ${quote(value)}: ${because}`;
}
