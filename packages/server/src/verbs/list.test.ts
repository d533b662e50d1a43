import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { leaseKind, parseFieldSelector, parseLabelSelector, StatusError, type Kind } from "@leasehold/api";
import { ManualClock } from "../coordination/testing/manual-clock.ts";
import { encodeContinueToken } from "../registry/continue-token.ts";
import { everything, type Selection } from "../registry/selection.ts";
import type { Registry } from "../registry/target.ts";
import { memoryRegistry, putObject } from "../registry/testing/memory-registry.ts";
import { list, type ListCommand, type ListOutcome } from "./list.ts";

const kind: Kind = leaseKind;

interface Shown {
  readonly names: readonly string[];
  readonly remaining: number | undefined;
  readonly more: boolean;
}

/** Of a to e, of which b and d are odd, and an f in another namespace. */
const lists: readonly (readonly [title: string, command: Partial<ListCommand>, shown: Shown])[] = [
  ["without options shows all", {}, whole("abcde")],
  ["with a limit shows so many, and says how many follow", { limit: 2 }, page("ab", 3)],
  ["with a limit that is never reached shows all", { limit: 5 }, whole("abcde")],
  ["of any state (0) is not paged", { limit: 2, resourceVersion: "0" }, whole("abcde")],
  ["of the first state written otherwise (00) is paged", { limit: 2, resourceVersion: "00" }, page("ab", 3)],
  ["of labels shows those", { selection: labelled("odd=1") }, whole("bd")],
  ["of labels cannot say how many follow", { selection: labelled("odd=0"), limit: 1 }, page("a", undefined)],
  ["of one name shows that", { selection: fields("metadata.name=c") }, whole("c")],
  ["of a name that nothing can have shows none", { selection: fields("metadata.name=a/b") }, whole("")],
  ["of another namespace shows none", { selection: fields("metadata.namespace=two") }, whole("")],
  ["of all namespaces shows all", { target: everywhere() }, whole("abcdef")],
  [
    "of all namespaces can be narrowed",
    { target: everywhere(), selection: fields("metadata.namespace=two") },
    whole("f"),
  ],
  [
    "of all namespaces can be narrowed to one object",
    { target: everywhere(), selection: fields("metadata.namespace=two,metadata.name=f") },
    whole("f"),
  ],
  ["goes on behind a key", { continueToken: newest("b\0") }, whole("cde")],
  ["goes on at a key", { continueToken: newest("b") }, whole("bcde")],
  ["goes on with a limit", { continueToken: newest("b\0"), limit: 2 }, page("cd", 1)],
  [
    "goes on without a limit where any state will do",
    { continueToken: newest("b\0"), limit: 1, resourceVersion: "0" },
    whole("cde"),
  ],
  ["goes on to one name", { continueToken: newest("b\0"), selection: fields("metadata.name=a") }, whole("")],
  [
    "of one namespace goes on in the list of all",
    { target: everywhere(), selection: fields("metadata.namespace=one"), continueToken: newest("c\0") },
    whole("abcde"),
  ],
];

for (const [title, command, shown] of lists) {
  test(`a list ${title}`, async (t) => {
    const outcome = await list(await filled(t), { ...plain, ...command });
    assert.deepEqual(shownIn(outcome), shown);
  });
}

test("the pages of a list show one state, whatever is written in between", async (t) => {
  const registry = await filled(t);
  const first = await list(registry, { ...plain, limit: 2 });
  await put(registry, "bb");
  await put(registry, "a");
  const second = await list(registry, { ...plain, continueToken: first.continueToken ?? "" });
  assert.deepEqual(shownIn(second), whole("cde"));
  assert.equal(second.revision, first.revision);
});

test("an exact version shows the state of then", async (t) => {
  const registry = await filled(t);
  const { revision } = registry.store;
  await put(registry, "zz");
  const exact = { ...plain, resourceVersion: String(revision) };
  for (const command of [
    { ...exact, resourceVersionMatch: "Exact" },
    { ...exact, limit: 9 },
  ] as const) {
    const outcome = await list(registry, command);
    assert.deepEqual([outcome.objects.length, outcome.revision], [5, revision]);
  }
  assert.equal((await list(registry, exact)).objects.length, 6);
});

test("one object by its name and a limit is read from the newest state, as it always was", async (t) => {
  const registry = await filled(t);
  const resourceVersion = String(registry.store.revision);
  await put(registry, "zz");
  const command = { ...plain, resourceVersion, limit: 1, selection: fields("metadata.name=zz") };
  assert.deepEqual((await list(registry, command)).objects.length, 1);
});

/** `${name}`: what the version is far beyond. */
const refused: readonly (readonly [command: Partial<ListCommand>, code: number, message: RegExp])[] = [
  [{ resourceVersion: "abc" }, 400, /^invalid resource version: resourceVersion: Invalid value: "abc"/],
  [{ continueToken: "bogus" }, 400, /^invalid continue token: continue key is not valid: /],
  [
    { continueToken: newest("b\0"), resourceVersion: "5" },
    400,
    /^specifying resource version is not allowed when using continue$/,
  ],
  [
    { resourceVersion: "1", resourceVersionMatch: "Exact" },
    410,
    /^The provided resource version is too old\.|^The resourceVersion for the provided list is too old\.$/,
  ],
  [
    { continueToken: encodeContinueToken({ start: "b\0", revision: 1 }) },
    410,
    /^The provided continue parameter is too old/,
  ],
  [{ resourceVersion: "99999" }, 504, /^Timeout: Too large resource version: 99999, current: \d+$/],
  [{ resourceVersion: "99999", resourceVersionMatch: "Exact" }, 504, /^Timeout: Too large resource version/],
  [{ resourceVersion: "99999", limit: 1 }, 504, /^Timeout: Too large resource version/],
];

for (const [command, code, message] of refused) {
  test(`${JSON.stringify(command)} is refused with ${code}`, async (t) => {
    const clock = new ManualClock();
    const registry = await filled(t, clock);
    await registry.store.compact(registry.store.revision);
    const answer = refusalOf(list(registry, { ...plain, ...command }));
    await clock.advance(10_000);
    const { status } = await answer;
    assert.equal(status.code, code);
    assert.match(status.message ?? "", message);
  });
}

test("a list whose state is forgotten says how to go on without it", async (t) => {
  const registry = await filled(t);
  const first = await list(registry, { ...plain, limit: 2 });
  await put(registry, "bb");
  await registry.store.compact(registry.store.revision);
  const { status } = await refusalOf(list(registry, { ...plain, continueToken: first.continueToken ?? "" }));
  const again = await list(registry, { ...plain, continueToken: status.metadata?.continue ?? "" });
  assert.deepEqual(shownIn(again), whole("cde", ["bb"]));
});

test("one object of a state that is yet to come is refused without waiting", async (t) => {
  const registry = await filled(t, new ManualClock());
  const one = { ...plain, resourceVersion: "99999", selection: fields("metadata.name=a") };
  for (const command of [
    { ...one, resourceVersionMatch: "Exact" },
    { ...one, limit: 1 },
  ] as const) {
    const { status } = await refusalOf(list(registry, command));
    assert.equal(status.code, 504);
    assert.equal(status.details?.retryAfterSeconds, undefined);
  }
});

test("a list waits for a state that is about to come", async (t) => {
  const registry = await filled(t);
  const soon = String(registry.store.revision + 1);
  const lists = [list(registry, { ...plain, resourceVersion: soon })];
  lists.push(list(registry, { ...plain, resourceVersion: soon, resourceVersionMatch: "Exact" }));
  await put(registry, "f");
  for (const outcome of await Promise.all(lists)) assert.equal(outcome.objects.length, 6);
});

const plain: ListCommand = {
  target: { kind, namespace: "one" },
  selection: everything,
  limit: 0,
  continueToken: "",
  resourceVersion: "",
  resourceVersionMatch: "",
};

function everywhere(): ListCommand["target"] {
  return { kind, namespace: "" };
}

function newest(start: string): string {
  return encodeContinueToken({ start, revision: -1 });
}

function whole(letters: string, also: readonly string[] = []): Shown {
  return { names: [...also, ...Array.from(letters)], remaining: undefined, more: false };
}

function page(letters: string, remaining: number | undefined): Shown {
  return { names: Array.from(letters), remaining, more: true };
}

function shownIn({ objects, remaining, continueToken }: ListOutcome): Shown {
  const names = objects.map(({ metadata }) => metadata.name ?? "");
  return { names, remaining, more: continueToken !== undefined };
}

function labelled(text: string): Selection {
  const selector = parseLabelSelector(text);
  return { ...everything, everything: false, matches: (object) => selector.matches(object) };
}

function fields(text: string): Selection {
  const selector = parseFieldSelector(text, kind);
  return {
    everything: false,
    name: selector.exactValue("metadata.name"),
    namespace: selector.exactValue("metadata.namespace"),
    matches: (object) => selector.matches(object),
  };
}

async function filled(t: TestContext, clock?: ManualClock): Promise<Registry> {
  const registry = await memoryRegistry(t, {
    namespaces: ["one", "two"],
    ...(clock !== undefined && { clock }),
  });
  for (const [index, name] of Array.from("abcde").entries())
    await put(registry, name, { labels: { odd: String(index % 2) } });
  await put(registry, "f", { namespace: "two" });
  return registry;
}

interface Put {
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
}

async function put(
  registry: Registry,
  name: string,
  { labels = {}, namespace = "one" }: Put = {},
): Promise<void> {
  const apiVersion = "coordination.k8s.io/v1";
  const object = { apiVersion, kind: "Lease", metadata: { name, namespace, labels }, spec: {} };
  await putObject(registry, { kind, namespace, name }, object);
}

async function refusalOf(answer: Promise<ListOutcome>): Promise<StatusError> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "the list was answered" });
}
