// Does a piece of work on one machine only, whichever comes first:   node once-a-night.ts LEASE
import { leaseAccess, Mutex } from "@leasehold/client";
import { connect } from "@leasehold/client/node";

const [name = "example-nightly"] = process.argv.slice(2);
await using connection = await connect();
const attempt = await new Mutex({
  lease: leaseAccess(connection, { namespace: "default", name }),
  durations: { leaseDurationSeconds: 30 },
}).tryLock();

if (attempt.kind === "held") console.log(`${attempt.holder} is at it`);
else {
  await using lock = attempt.lock;
  for (const page of ["one", "two", "three"]) {
    lock.assertLive(); // right before each step that must not happen twice
    console.log(`page ${page}, token ${lock.fencingToken}`);
  }
}
