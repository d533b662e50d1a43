import assert from "node:assert/strict";
import { test } from "node:test";
import { durationsFor, LeaderElector } from "@leasehold/client";
import { clientGoDefaults } from "./client-go-contender.ts";
import { mutate, mutations } from "./mutations.ts";
import { runHandOvers } from "./run-hand-overs.ts";
import { type ElectionOutcome, type ElectionRun, runElection } from "./run-election.ts";

const subject = { LeaderElector, durationsFor };
const seeds = Number(process.env["LEASEHOLD_SIMULATION_SEEDS"] ?? 500);

test("no two lead at one moment, tokens grow, transitions are counted, and somebody leads again, whatever happens", async () => {
  for (let seed = 1; seed <= seeds; seed += 1) expectPeace(await runElection({ seed, subject }), seed);
});

test("a released lease has its next holder after the jitter and a few messages", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { violations, tookMs } = await runHandOvers(seed, subject);
    assert.deepEqual(violations, []);
    assert.equal(tookMs.length, 9);
    // Of four candidates the first to draw waits 20 ms at most, and three messages of 2 ms on average and a late timer come on top.
    assert.ok(Math.max(...tookMs) < 60, `seed ${seed}: ${tookMs.map(Math.round).join(", ")} ms`);
  }
});

test("a seed always gives the same election", async () => {
  for (const seed of [3, 14, 15]) {
    const [one, other] = [await runElection({ seed, subject }), await runElection({ seed, subject })];
    assert.equal(one.trace.text(), other.trace.text());
    assert.ok(one.terms > 0);
  }
});

test("beside client-go's elector with its default times nobody else leads either", async () => {
  const clientGo = { count: 2, times: clientGoDefaults };
  for (let seed = 1; seed <= 100; seed += 1)
    expectPeace(
      await runElection({ seed, subject, clientGo, leaseDurationSeconds: 15, clockRateError: 0.01 }),
      seed,
    );
});

test("beside client-go's elector, which sees whole seconds, nobody else leads with a short lease either", async () => {
  for (const leaseDurationSeconds of [2, 3, 5]) {
    const times = {
      leaseDurationSeconds,
      renewDeadlineMs: 300 * leaseDurationSeconds,
      retryPeriodMs: 100 * leaseDurationSeconds,
    };
    // Two of them would take it from one another.
    const clientGo = { count: 1, times };
    for (let seed = 1; seed <= 30; seed += 1)
      expectPeace(
        await runElection({ seed, subject, clientGo, leaseDurationSeconds, clockRateError: 0.01 }),
        seed,
      );
  }
});

test("client-go's retry period on top of its renew deadline makes two leaders where its own check allows it", async () => {
  const times = { leaseDurationSeconds: 15, renewDeadlineMs: 14_000, retryPeriodMs: 10_000 };
  const clientGo = { count: 2, times };
  const found = await findViolation({ subject, clientGo, leaseDurationSeconds: 15, clockRateError: 0.01 });
  assert.match(found ?? "", /client-go-\d.* lead at one moment/);
});

test("clocks that err by more than the durations allow for make two leaders", async () => {
  const found = await findViolation({ subject, clockErrorFactor: 4, clockRateError: 0.1 });
  assert.match(found ?? "", /lead at one moment/);
});

for (const mutation of mutations) {
  test(`it is noticed when ${mutation.name}`, async () => {
    const found = await findViolation({ subject: await mutate(mutation) });
    assert.match(found ?? "", /lead at one moment|leads past its deadline/);
  });
}

function expectPeace(outcome: ElectionOutcome, seed: number): void {
  const { violations, trace } = outcome;
  if (violations.length === 0) return;
  assert.fail(
    `seed ${seed}\n${trace.text()}\n${violations.join("\n")}\nagain: npm run simulate -- --from ${seed} --seeds 1`,
  );
}

async function findViolation(run: Omit<ElectionRun, "seed">): Promise<string | undefined> {
  for (let seed = 1; seed <= 1000; seed += 1) {
    const { violations } = await runElection({ ...run, seed });
    const found = violations.find((violation) => /lead/.test(violation));
    if (found !== undefined) return found;
  }
  return undefined;
}
