import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { leaseKind } from "@leasehold/api";
import type { Connection } from "../connection/connection.ts";
import { candidateAccess, leaseAccess } from "../resources/object-access.ts";
import { ResourceClient } from "../resources/resource-client.ts";
import { type Candidate, stand } from "../testing/candidate-fixture.ts";
import { freshNamespace } from "../testing/namespace-fixture.ts";
import { startTestServer, type TestServer } from "../testing/test-server-fixture.ts";
import { durationsFor } from "./durations.ts";

const isForeign = process.env["LEASEHOLD_TEST_KUBECONFIG"] !== undefined;
const skip = isForeign && "a kube-apiserver elects only with a feature gate that is off";

describe("coordinated elections", { timeout: 120_000, skip }, () => {
  let server: TestServer;
  let connection: Connection;
  let namespace: string;

  before(async () => {
    server = await startTestServer();
    connection = await server.connect();
    namespace = await freshNamespace(connection);
  });
  after(() => server.close());

  function candidate(identity: string, emulationVersion: string): Candidate {
    return stand({
      lease: leaseAccess(connection, { namespace, name: "app" }),
      identity,
      durations: durationsFor({ leaseDurationSeconds: 5 }),
      coordinated: {
        candidate: candidateAccess(connection, { namespace, name: identity }),
        binaryVersion: "1.36.0",
        emulationVersion,
      },
    });
  }

  test("the candidate that the server names leads, makes room for a better one, and is named again when that leaves", async () => {
    const newer = candidate("newer", "1.36.0");
    const term = await newer.term();
    const older = candidate("older", "1.35.0");
    const next = await older.term();
    assert.ok(!term.isLive());
    assert.deepEqual(
      newer.events.flatMap((event) => (event.kind === "lost" ? [event.end] : [])),
      [{ kind: "transferred", to: "older" }],
    );
    assert.ok(BigInt(next.fencingToken) > BigInt(term.fencingToken));
    await older.event("renewed");
    await older.stop();
    await newer.term();
    const { spec } = await new ResourceClient(connection, leaseKind, namespace).get("app");
    assert.equal(spec.holderIdentity, "newer");
    assert.equal(spec.strategy, "OldestEmulationVersion");
    await newer.stop();
  });
});
