import { readKubeconfig } from "../../conformance/kubeconfig.ts";
import { connectHttp1 } from "../../conformance/wire/http1.ts";
import { tellRequest } from "../../conformance/wire/request.ts";

/** How many requests for leases a server has answered so far, by its own metrics. Watches count when they end. */
export async function countRequests(kubeconfig: string): Promise<number> {
  const transport = connectHttp1(readKubeconfig(kubeconfig));
  const answer = await transport.ask(tellRequest("GET /metrics", { accept: undefined }, "default"));
  transport.close();
  const text = new TextDecoder().decode(answer.bytes);
  const counts = [...text.matchAll(/^apiserver_request_total\{.*resource="leases".*\} (\S+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
