// A worker that says that it lives, and sees who else does:   node workers.ts NAME
import { Heartbeat, leaseAccess, leaseCollectionAccess, Membership } from "@leasehold/client";
import { connect } from "@leasehold/client/node";

const [name = "example-worker"] = process.argv.slice(2);
const labels = { app: "example-workers" };
const stopping = new AbortController();
process.once("SIGTERM", () => stopping.abort());

await using connection = await connect();
await using heartbeat = new Heartbeat({
  lease: leaseAccess(connection, { namespace: "default", name }),
  leaseDurationSeconds: 10,
  metadata: { labels },
});
const leases = leaseCollectionAccess(connection, {
  namespace: "default",
  labelSelector: `app=${labels.app}`,
});
for await (const event of new Membership({ leases, signal: stopping.signal }))
  console.log(
    event.kind === "synced" ? `${heartbeat.identity} sees all` : `${event.member.name} ${event.kind}`,
  );
