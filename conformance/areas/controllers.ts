import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { ConformanceCase } from "../case.ts";
import type { Target } from "../target.ts";
import { lease } from "../vocabulary/leases.ts";
import type { Answer } from "../wire/answer.ts";

const beta = "coordination.k8s.io/v1beta1";

/** What goes on without a client, and takes its time. */
export const controllerCases: readonly ConformanceCase[] = [
  {
    name: "a namespace that is deleted is emptied, and goes with the last of its objects",
    async run(target) {
      const { ask, make, makeNamespace, namespace } = target;
      await makeNamespace(`${namespace}-x`);
      const leases = "/apis/coordination.k8s.io/v1/namespaces/{ns}-x/leases";
      await make(leases, lease("a"));
      await make(leases, lease("hold", {}, { finalizers: ["example.com/hold"] }));
      await ask("DELETE /api/v1/namespaces/{ns}-x");
      await until(target, `${leases}/a`, ({ status }) => status === 404);
      await ask(`PATCH ${leases}/hold`, { merge: { metadata: { finalizers: null } } });
      await until(target, "/api/v1/namespaces/{ns}-x", ({ status }) => status === 404);
    },
  },
  {
    name: "of two candidates that answer, the one that emulates the older version is elected, or preferred to who was",
    async run(target) {
      const { ask } = target;
      for (const [name, emulationVersion] of [
        ["newer", "1.36.0"],
        ["older", "1.35.0"],
      ] as const) {
        const spec = {
          leaseName: "led",
          binaryVersion: "1.36.0",
          emulationVersion,
          strategy: "OldestEmulationVersion",
          renewTime: now(),
        };
        const json = { apiVersion: beta, kind: "LeaseCandidate", metadata: { name }, spec };
        assert.equal((await ask("POST leasecandidates", { json })).status, 201);
      }
      const elected = await until(target, "leases/led", async (answer) => {
        for (const name of ["newer", "older"]) await answerPing(target, name);
        const chosen = [answer.read("spec.holderIdentity"), answer.read("spec.preferredHolder")];
        return answer.status === 200 && chosen.includes("older");
      });
      assert.equal(elected.read("spec.strategy"), "OldestEmulationVersion");
    },
  },
];

/** A candidate that is asked for a sign of life gives one. */
async function answerPing({ ask }: Target, name: string): Promise<void> {
  const candidate = await ask(`GET leasecandidates/${name}`);
  const [pingTime, renewTime] = [candidate.read("spec.pingTime"), candidate.read("spec.renewTime")];
  if (typeof pingTime !== "string" || (typeof renewTime === "string" && renewTime >= pingTime)) return;
  await ask(`PATCH leasecandidates/${name}`, { merge: { spec: { renewTime: now() } } });
}

function now(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

/** Asks until the answer is as it should be; how long that takes is the server's affair, within half a minute. */
async function until(
  { ask }: Target,
  path: string,
  isSo: (answer: Answer) => boolean | Promise<boolean>,
): Promise<Answer> {
  for (let tries = 300; tries > 0; tries--) {
    const answer = await ask(`GET ${path}`);
    if (await isSo(answer)) return answer;
    await wait(100);
  }
  return assert.fail(`GET ${path} was not answered as it should be within 30 s`);
}
