// Leads, says so, and hands over when it is told to end:   node leader.ts LEASE
import { once } from "node:events";
import { describeDurations, durationsFor, leaseAccess, LeaderElector } from "@leasehold/client";
import { connect } from "@leasehold/client/node";

const [name = "example-leader"] = process.argv.slice(2);
const stopping = new AbortController();
process.once("SIGTERM", () => stopping.abort(new Error("told to end")));

const durations = durationsFor({ surviveOutageSeconds: 10 });
console.log(describeDurations(durations));

await using connection = await connect();
const lease = leaseAccess(connection, { namespace: "default", name });
for await (const term of new LeaderElector({ lease, durations, signal: stopping.signal })) {
  console.log(`leading with token ${term.fencingToken}`);
  await once(term.signal, "abort");
  console.log(String(term.signal.reason));
}
