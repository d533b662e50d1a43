import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { leaseKind, parseLabelSelector, StatusError, type Kind } from "@leasehold/api";
import { ManualClock } from "../coordination/testing/manual-clock.ts";
import { everything, type Selection } from "../registry/selection.ts";
import type { ObjectTarget, Registry } from "../registry/target.ts";
import { memoryRegistry, putObject } from "../registry/testing/memory-registry.ts";
import { deleteObject } from "./delete.ts";
import { watch, type WatchCommand, type WatchEvent } from "./watch.ts";

const kind: Kind = leaseKind;

/** With `a` and `b` in the namespace `one` before the watch, and one second in which `c` is created after it began. */
const beginnings: readonly (readonly [
  title: string,
  options: (before: string) => Partial<WatchCommand>,
  told: readonly string[],
])[] = [
  ["without a version shows the state and what follows", () => ({}), ["ADDED a", "ADDED b", "ADDED c"]],
  ["of any state (0) does, too", () => ({ resourceVersion: "0" }), ["ADDED a", "ADDED b", "ADDED c"]],
  [
    "of a version shows what came after it",
    (before) => ({ resourceVersion: before }),
    ["ADDED b", "ADDED c"],
  ],
  ["that wants no state begins now", () => ({ sendInitialEvents: false }), ["ADDED c"]],
  [
    "that wants the state and bookmarks is told where the state ends",
    () => ({ sendInitialEvents: true, allowBookmarks: true }),
    ["ADDED a", "ADDED b", "END", "ADDED c"],
  ],
  [
    "that wants the state of a version, and bookmarks, is told so too",
    (before) => ({ sendInitialEvents: true, allowBookmarks: true, resourceVersion: before }),
    ["ADDED a", "ADDED b", "END", "ADDED c"],
  ],
  ["of a selection shows that", () => ({ selection: labelled("name in (b,c)") }), ["ADDED b", "ADDED c"]],
  ["of one name shows that", () => ({ selection: { ...labelled("name=b"), name: "b" } }), ["ADDED b"]],
  ["of another namespace shows nothing", () => ({ target: { kind, namespace: "two" } }), []],
  ["that is over before it begins shows nothing", () => ({ timeoutSeconds: -1 }), []],
  ["of a version that is forgotten ends with that", () => ({ resourceVersion: "1" }), ["ERROR 410"]],
  [
    "of a state that does not come ends with that",
    () => ({ resourceVersion: "99999", sendInitialEvents: true }),
    ["ERROR 504"],
  ],
  ["of a version that is yet to come waits for it", () => ({ resourceVersion: "99999" }), []],
];

for (const [title, options, told] of beginnings) {
  test(`a watch ${title}`, async (t) => {
    const clock = new ManualClock();
    const registry = await memoryRegistry(t, { clock, namespaces: ["one", "two"] });
    const before = await put(registry, "a");
    await put(registry, "b");
    await registry.store.compact(Number(before));
    const texts = eventTexts(t, registry, { timeoutSeconds: 8, ...options(before) });
    await clock.advance(500);
    await put(registry, "c");
    await clock.advance(8000);
    assert.deepEqual(
      (await texts).filter((text) => text !== "BOOKMARK"),
      told,
    );
  });
}

test("what comes into a selection is an addition, what leaves it a deletion, and the rest is silence", async (t) => {
  const clock = new ManualClock();
  const registry = await memoryRegistry(t, { clock, namespaces: ["one"] });
  const texts = eventTexts(t, registry, { selection: labelled("in=yes"), timeoutSeconds: 8 });
  await clock.advance(100);
  for (const value of ["no", "yes", "yes", "no", "yes"])
    await put(registry, "a", { in: value, at: String(clock.monotonicMs()) });
  await put(registry, "b", { in: "no" });
  await deleteObject(registry, { target: lease("a"), deletion, dryRun: false });
  await deleteObject(registry, { target: lease("b"), deletion, dryRun: false });
  await clock.advance(8000);
  assert.deepEqual(await texts, ["ADDED a", "DELETED a", "ADDED a", "DELETED a"]);
});

test("a deletion is told under its own version", async (t) => {
  const clock = new ManualClock();
  const registry = await memoryRegistry(t, { clock, namespaces: ["one"] });
  const version = await put(registry, "a");
  const reading = eventsOf(watch(registry, { ...plain(t), resourceVersion: version, timeoutSeconds: 8 }));
  await deleteObject(registry, { target: lease("a"), deletion, dryRun: false });
  await clock.advance(8000);
  const [event] = await reading;
  assert.ok(event?.type === "DELETED");
  assert.equal(event.object.metadata.resourceVersion, String(registry.store.revision));
});

test("a watch that allows bookmarks has one two seconds before its end, others none", async (t) => {
  const clock = new ManualClock();
  const registry = await memoryRegistry(t, { clock, namespaces: ["one"] });
  const resourceVersion = await put(registry, "a");
  const command = { resourceVersion, timeoutSeconds: 5 };
  const told = eventTexts(t, registry, { ...command, allowBookmarks: true });
  const silent = eventTexts(t, registry, command);
  await clock.advance(5000);
  assert.deepEqual([await told, await silent], [["BOOKMARK"], []]);
});

test("a watch of a version that is no number is refused before it begins", async (t) => {
  const registry = await memoryRegistry(t);
  assert.throws(
    () => watch(registry, { ...plain(t), resourceVersion: "abc" }),
    (error) => error instanceof StatusError && error.status.code === 500,
  );
});

test("a watch ends when the client goes", async (t) => {
  const registry = await memoryRegistry(t, { clock: new ManualClock() });
  const gone = new AbortController();
  const texts = eventTexts(t, registry, { signal: gone.signal });
  gone.abort();
  assert.deepEqual(await texts, []);
});

const deletion = { preconditions: {}, propagationPolicy: undefined, orphanDependents: undefined };

function plain(t: TestContext): WatchCommand {
  return {
    target: { kind, namespace: "one" },
    selection: everything,
    resourceVersion: "",
    sendInitialEvents: undefined,
    allowBookmarks: false,
    timeoutSeconds: undefined,
    signal: t.signal,
  };
}

function lease(name: string): ObjectTarget {
  return { kind, namespace: "one", name };
}

/** Writes an object, and gives its version. */
async function put(registry: Registry, name: string, labels = {}): Promise<string> {
  const metadata = { name, namespace: "one", labels: { name, ...labels } };
  const object = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec: {} };
  return (await putObject(registry, lease(name), object)).metadata.resourceVersion ?? "";
}

function labelled(text: string): Selection {
  const selector = parseLabelSelector(text);
  return { ...everything, everything: false, matches: (object) => selector.matches(object) };
}

async function eventTexts(
  t: TestContext,
  registry: Registry,
  command: Partial<WatchCommand>,
): Promise<readonly string[]> {
  return (await eventsOf(watch(registry, { ...plain(t), ...command }))).map(textOf);
}

async function eventsOf(batches: AsyncIterable<readonly WatchEvent[]>): Promise<readonly WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const batch of batches) events.push(...batch);
  return events;
}

function textOf(event: WatchEvent): string {
  switch (event.type) {
    case "ERROR":
      return `ERROR ${event.error.status.code}`;
    case "BOOKMARK":
      return event.endsInitialEvents ? "END" : "BOOKMARK";
    default:
      return `${event.type} ${event.object.metadata.name}`;
  }
}
