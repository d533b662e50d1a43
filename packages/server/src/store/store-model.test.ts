import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { systemClock } from "../clock.ts";
import { bytes, changesOf, text, told } from "./conformance/store-case.ts";
import { startEtcd, withoutEtcd } from "./etcd/etcd-process-fixture.ts";
import { openStoreOn } from "./etcd/etcd-store-fixture.ts";
import { openMemoryStore } from "./memory/memory-store.ts";
import { openSqliteStore } from "./sqlite/sqlite-store.ts";
import type { Entry, Revision, Store } from "./store.ts";

/** LEASEHOLD_MODEL_SEED and LEASEHOLD_MODEL_RUNS look elsewhere and longer than every test run does. */
const seed = Number(process.env["LEASEHOLD_MODEL_SEED"] ?? 20260714);
const runs = Number(process.env["LEASEHOLD_MODEL_RUNS"] ?? 100);

test("a memory store does what the model does, whatever is asked of it", async () => {
  await compare({ numRuns: runs, open: async () => openMemoryStore({ clock: systemClock }) });
});

test("an SQLite store does what the model does, also when it is closed and opened again", async () => {
  const directory = mkdtempSync(join(tmpdir(), "leasehold-model-"));
  let run = 0;
  const reopen = async (): Promise<Store> => {
    const bounds = { purgeAfterRows: 3, purgeRowsMax: 2, checkpointPages: 4 };
    const path = join(directory, `${run}.sqlite`);
    const opened = await openSqliteStore({ path, clock: systemClock, onProblem: assert.fail, bounds });
    if (opened.kind === "refused") assert.fail(opened.message);
    return opened.store;
  };
  const open = (): Promise<Store> => {
    run += 1;
    return reopen();
  };
  await compare({ numRuns: runs / 10, open, reopen });
  rmSync(directory, { recursive: true });
});

test(
  "a store over etcd does what the model does, also when another replica takes over",
  {
    skip: withoutEtcd(),
  },
  async (t) => {
    const etcd = await startEtcd();
    t.after(() => etcd.close());
    let run = 0;
    const reopen = (pastRevisionsMax: number): Promise<Store> =>
      openStoreOn({
        servers: etcd.urls,
        prefix: `/model-${run}`,
        resources: ["/"],
        bounds: { pastRevisionsMax },
      });
    const open = (): Promise<Store> => {
      run += 1;
      return reopen(0);
    };
    await compare({ numRuns: runs / 10, open, reopen, isShared: true });
  },
);

interface Comparison {
  readonly numRuns: number;
  /** An empty store, which need not begin at 0. */
  readonly open: () => Promise<Store>;
  /** The same store again, from as many revisions ago. */
  readonly reopen?: (pastRevisions: number) => Promise<Store>;
  /** Whether revisions may be used up that change nothing here. */
  readonly isShared?: boolean;
}

async function compare({ numRuns, open, reopen, isShared = false }: Comparison): Promise<void> {
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
    let store = await open();
    const model = new Model(store.revision);
    try {
      for (const asked of steps) {
        if (asked.kind !== "reopen") await steppers[asked.kind]({ store, model, asked });
        else if (reopen !== undefined) {
          await store.close();
          store = await reopen(model.revision - model.horizon);
        }
        if (isShared) model.pass(store.revision);
        assert.deepEqual([store.revision, store.horizon], [model.revision, model.horizon]);
      }
    } finally {
      await store.close();
    }
  });
  await fc.assert(property, { seed, numRuns });
}

/** Numbers choose among what exists at that moment, so that most steps mean something. */
interface Step {
  readonly kind: "write" | "stale" | "read" | "range" | "watch" | "compact" | "reopen";
  readonly key: string;
  readonly value: string | undefined;
  readonly place: number;
  readonly limit: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step["kind"]>("write") },
    {
      weight: 6,
      arbitrary: fc.constantFrom<Step["kind"]>(
        "stale",
        "read",
        "range",
        "range",
        "watch",
        "compact",
        "reopen",
      ),
    },
  ),
  key: fc.constantFrom("/a/1", "/a/2", "/a/2/3", "/a/é", "/ab/1", "/b/1"),
  value: fc.option(fc.string({ maxLength: 3 }), { nil: undefined }),
  place: fc.nat({ max: 1000 }),
  limit: fc.integer({ min: 1, max: 4 }),
});

interface Stepping {
  readonly store: Store;
  readonly model: Model;
  readonly asked: Step;
}

const steppers: Record<Exclude<Step["kind"], "reopen">, (stepping: Stepping) => Promise<void>> = {
  async write({ store, model, asked: { key, value } }) {
    const before = model.at(model.revision).get(key);
    if (before === undefined && value === undefined) return;
    const result =
      value === undefined && before !== undefined
        ? await store.write({ key, value: undefined, expect: before.revision })
        : await store.write({ key, value: bytes(value ?? ""), expect: before?.revision ?? "absent" });
    model.write(key, value);
    const entry = model.at(model.revision).get(key) ?? before;
    assert.deepEqual(result.kind === "written" && plain(result.entry), entry);
    assert.equal(result.kind === "written" && result.revision, model.revision);
  },

  async stale({ store, model, asked: { key, value, place } }) {
    const before = model.at(model.revision).get(key);
    if (before?.revision === place) return;
    const result = await store.write({ key, value: bytes(value ?? ""), expect: place });
    assert.equal(result.kind, "conflict");
    assert.deepEqual(result.kind === "conflict" && result.current && plain(result.current), before);
  },

  async read({ store, model, asked: { key, place } }) {
    const at = model.choose(place);
    const result = await store.read({ key, at });
    const entry = model.at(at).get(key);
    assert.equal(result.kind, entry === undefined ? "absent" : "found");
    if (result.kind === "found") assert.deepEqual(plain(result.entry), entry);
  },

  async range({ store, model, asked: { place, limit, key } }) {
    const at = model.choose(place);
    const prefix = place % 3 === 0 ? "/" : "/a/";
    const after = place % 2 === 0 ? undefined : key;
    const expected = [...model.at(at).values()]
      .filter((entry) => entry.key.startsWith(prefix) && (after === undefined || isAfter(entry, after)))
      .toSorted((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
    const result = await store.range({ prefix, after, limit, at });
    if (result.kind !== "page") assert.fail(result.kind);
    assert.deepEqual(result.entries.map(plain), expected.slice(0, limit));
    assert.equal(result.remaining, Math.max(0, expected.length - limit));
    assert.equal(result.more, expected.length > limit);
  },

  async watch({ store, model, asked: { place } }) {
    const since = model.choose(place);
    const expected = model.changesAfter(since);
    const watch = store.watch({ prefix: "/", since, signal: new AbortController().signal });
    assert.deepEqual((await changesOf(watch, expected.length)).map(told), expected);
  },

  async compact({ store, model, asked: { place } }) {
    // Most compactions are small, so that a past remains to be looked at.
    const horizon = place % 5 === 0 ? model.choose(place) : Math.min(model.horizon + 1, model.revision);
    assert.deepEqual(await store.compact(horizon), { kind: "compacted", horizon: model.compact(horizon) });
  },
};

interface PlainEntry {
  readonly key: string;
  readonly value: string;
  readonly revision: Revision;
  readonly created: Revision;
}

type State = ReadonlyMap<string, PlainEntry>;

/** The slowest store that is right: it keeps every state whole. */
class Model {
  readonly #states: State[] = [new Map()];
  readonly #begun: Revision;
  horizon: Revision;

  constructor(begun: Revision) {
    this.#begun = begun;
    this.horizon = begun;
  }

  get revision(): Revision {
    return this.#begun + this.#states.length - 1;
  }

  at(revision: Revision): State {
    return this.#states[revision - this.#begun] ?? new Map();
  }

  /** One of the readable revisions. */
  choose(place: number): Revision {
    return this.horizon + (place % (this.revision - this.horizon + 1));
  }

  /** Somebody else has used up the revisions up to this one. */
  pass(revision: Revision): void {
    while (this.revision < revision) this.#states.push(this.at(this.revision));
  }

  write(key: string, value: string | undefined): void {
    const before = this.at(this.revision);
    const revision = this.revision + 1;
    const after = new Map(before);
    if (value === undefined) after.delete(key);
    else after.set(key, { key, value, revision, created: before.get(key)?.created ?? revision });
    this.#states.push(after);
  }

  changesAfter(since: Revision): readonly string[] {
    const later = this.#states.slice(since - this.#begun + 1);
    return later.flatMap((after, index) => difference(this.at(since + index), after));
  }

  compact(horizon: Revision): Revision {
    this.horizon = Math.max(this.horizon, horizon);
    return this.horizon;
  }
}

function difference(before: State, after: State): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === is) return [];
    if (was === undefined) return [`+${key}=${is?.value}`];
    return [is === undefined ? `-${key}=${was.value}` : `~${key}=${was.value}>${is.value}`];
  });
}

function plain(entry: Entry): PlainEntry {
  const { key, revision, created } = entry;
  return { key, value: text(entry) ?? "", revision, created };
}

function isAfter({ key }: PlainEntry, after: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0;
}
