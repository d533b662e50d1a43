import { isObject } from "./wire/match.ts";
import type { Transport } from "./wire/transport.ts";

/** Whether a server says at /version that it is leasehold; a kube-apiserver says a version of Kubernetes alone. */
export async function answersAsLeasehold(transport: Transport): Promise<boolean> {
  const answer = await transport.ask({
    method: "GET",
    path: "/version",
    headers: {},
    body: undefined,
    isAnonymous: false,
  });
  const version: unknown = JSON.parse(new TextDecoder().decode(answer.bytes));
  return isObject(version) && String(version["gitVersion"]).includes("leasehold");
}
