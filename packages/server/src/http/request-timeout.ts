import { statusErrors } from "@leasehold/api";
import { durationProblem } from "../codec/go-duration.ts";
import { textParameter, type Query } from "../codec/query.ts";
import type { RequestInfo } from "./request-info.ts";

/**
 * Refuses a `timeout` parameter that is no duration. kube-apiserver looks at it before it knows who asks, on every request that is not
 * one to last. How long a request may take is the server's to say, whatever the parameter says.
 */
export function refuseMalformedTimeout(info: RequestInfo, query: Query): void {
  const timeout = textParameter(query, "timeout");
  if (timeout === "" || isLasting(info)) return;
  const problem = durationProblem(timeout);
  if (problem !== undefined) {
    throw statusErrors.badRequest(`invalid timeout specified in the request URL - ${problem}`);
  }
}

function isLasting(info: RequestInfo): boolean {
  if (info.kind === "path") return info.path.startsWith("/debug/pprof/");
  return lastingVerbs.has(info.verb) || lastingSubresources.has(info.subresource);
}

const lastingVerbs: ReadonlySet<string> = new Set(["watch", "proxy"]);
const lastingSubresources: ReadonlySet<string> = new Set(["attach", "exec", "proxy", "log", "portforward"]);
