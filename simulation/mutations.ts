import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import type { Subject } from "./contender.ts";

/** One way to break an election, as a change to its source. The simulation has to notice each of them. */
export interface Mutation {
  /** What the election then does. */
  readonly name: string;
  /** Under `packages/client/src/election/`. */
  readonly file: string;
  readonly edits: readonly Edit[];
}

interface Edit {
  readonly from: string;
  readonly to: string;
}

export const mutations: readonly Mutation[] = [
  {
    name: "the deadline counts from the answer to a renewal",
    file: "held-term.ts",
    edits: [
      {
        from: "this.#provenAtMs = write.countsFromMs;\n    this.#lastFailure",
        to: "this.#provenAtMs = this.#parts.clock.monotonicMs();\n    this.#lastFailure",
      },
    ],
  },
  {
    name: "the durations leave no room for clocks that run at different rates",
    file: "durations.ts",
    edits: [
      {
        from: "(leaseDurationSeconds * 1000 * (1 - clockRateError)) / (1 + clockRateError)",
        to: "leaseDurationSeconds * 1000 + 0 * clockRateError",
      },
    ],
  },
  {
    name: "the durations leave work no time to stop",
    file: "durations.ts",
    edits: [
      {
        from: "safeHoldMs({ leaseDurationSeconds, clockRateError }) - stopGraceMs);",
        to: "safeHoldMs({ leaseDurationSeconds, clockRateError }));",
      },
      { from: "renewDeadlineMs + stopGraceMs > safeMs", to: "renewDeadlineMs > safeMs" },
    ],
  },
  {
    name: "a candidate waits for its own duration instead of the holder's",
    file: "decide-candidacy.ts",
    edits: [
      {
        from: "(seconds > 0 ? seconds : durations.leaseDurationSeconds)",
        to: "(seconds > 0 ? durations.leaseDurationSeconds : durations.leaseDurationSeconds)",
      },
    ],
  },
  {
    name: "a candidate counts from when it first saw the holder, not its last renewal",
    file: "lease-view.ts",
    edits: [
      {
        from: "seenAtMs: this.#clock.monotonicMs()",
        to:
          "seenAtMs: lease !== undefined && this.#sighting?.lease?.spec.holderIdentity === lease.spec.holderIdentity " +
          "? (this.#sighting?.seenAtMs ?? 0) : this.#clock.monotonicMs()",
      },
    ],
  },
  {
    name: "a candidate's waiting is measured by the wall clock",
    file: "campaign.ts",
    edits: [
      {
        from: "return decideCandidacy(candidacy, clock.monotonicMs());",
        to: "const wall = clock as { offsetMs?: number }; wall.offsetMs ??= clock.nowMs() - clock.monotonicMs(); return decideCandidacy(candidacy, clock.nowMs() - wall.offsetMs);",
      },
    ],
  },
  {
    name: "a term is judged by a timer alone",
    file: "held-term.ts",
    edits: [{ from: "  isLive(): boolean {\n    this.#judge();", to: "  isLive(): boolean {" }],
  },
  {
    name: "the lease is released before the work has settled",
    file: "campaign.ts",
    edits: [
      {
        from: 'this.#term?.end({ kind: "stopped" });\n    this.#parts.bell.ring();',
        to: 'this.#term?.end({ kind: "stopped" }); void this.#term?.[Symbol.asyncDispose]();\n    this.#parts.bell.ring();',
      },
    ],
  },
  {
    name: "a lease that carries our name counts as ours",
    file: "own-writes.ts",
    edits: [
      {
        from: "isSameClaim(write.claim, claim)",
        to: "isSameClaim(write.claim, claim) || write.claim.holderIdentity === claim.holderIdentity",
      },
    ],
  },
];

/** The client with one mutation in it, beside the true one. Throws when the source has no such place any more. */
export async function mutate(mutation: Mutation): Promise<Subject> {
  const source = new URL("../packages/client/src/", import.meta.url);
  const target = new URL(`election/${mutation.file}`, source);
  const text = readFileSync(target, "utf8");
  const mutated = mutation.edits.reduce(edit, text);
  const mark = `?mutation=${mutations.indexOf(mutation)}`;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const isOurs = context.parentURL?.endsWith(mark) === true && specifier.startsWith(".");
      return isOurs ? { ...resolved, url: resolved.url + mark } : resolved;
    },
    load(url, context, next) {
      if (url !== target.href + mark) return next(url, context);
      return {
        format: "module-typescript",
        source: mutated,
        shortCircuit: true,
      };
    },
  });
  try {
    const [{ LeaderElector }, { durationsFor }] = (await Promise.all([
      import(new URL(`election/leader-elector.ts${mark}`, source).href),
      import(new URL(`election/durations.ts${mark}`, source).href),
    ])) as [Pick<Subject, "LeaderElector">, Pick<Subject, "durationsFor">];
    return { LeaderElector, durationsFor };
  } finally {
    hooks.deregister();
  }
}

/** However the formatter breaks lines. */
function edit(text: string, { from, to }: Edit): string {
  const pattern = new RegExp(from.split(/\s+/).map(escape).join("\\s*"));
  if (!pattern.test(text)) throw new Error(`there is no "${from}" to mutate`);
  return text.replace(pattern, () => to);
}

function escape(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
