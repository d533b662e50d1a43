import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../store/store.ts";
import { SubscriptionQueue } from "./subscription.ts";

test("changes of one revision are handed out together, however small the batches are", async () => {
  const revisions = [1, 2, 2, 2, 3, 4, 4];
  const backlog = revisions.map((revision, index): Change => {
    const key = `/r/${index}`;
    return {
      key,
      revision,
      before: undefined,
      after: { key, value: new Uint8Array(0), revision, created: revision },
    };
  });
  const subscription = new SubscriptionQueue({
    backlog,
    reached: () => 4,
    bounds: { queueChangesMax: 100, queueBytesMax: 100, batchChangesMax: 2 },
    signal: new AbortController().signal,
    release: () => {},
  });
  const batches: unknown[] = [];
  for await (const item of subscription) {
    if (item.kind !== "changes") assert.fail(item.reason);
    batches.push([item.changes.map(({ revision }) => revision), item.revision]);
    if (item.revision === 4) break;
  }
  assert.deepEqual(batches, [
    [[1, 2, 2, 2], 2],
    [[3, 4, 4], 4],
  ]);
});
