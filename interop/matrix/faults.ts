import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Candidate } from "./candidate-process.ts";
import type { Gap } from "./libraries.ts";
import type { Stage } from "./stage.ts";

/** Something that befalls a candidate. When it resolves, the candidate can stand again or is gone. */
export interface Fault {
  readonly name: string;
  /** Befalls no candidate of a library with this gap. */
  readonly not?: Gap;
  readonly strike: (blow: Blow) => Promise<void>;
}

export interface Blow {
  readonly stage: Stage;
  readonly victim: Candidate;
  /** Resolves when it has lasted: for a leader when another one leads in its place, for all others after a moment drawn by lot. */
  lasts(): Promise<void>;
}

export const faults: readonly Fault[] = [
  {
    name: "killed",
    async strike({ victim, lasts }) {
      victim.signal("SIGKILL");
      await victim.ended();
      await lasts();
    },
  },
  {
    name: "told to end",
    async strike({ stage, victim, lasts }) {
      victim.signal("SIGTERM");
      await victim.ended();
      const { holder, seconds } = await stage.lease.read();
      const { leaves, gaps } = victim.library;
      if (holder === victim.identity && !gaps.has("stumbles over its own renewal")) {
        assert.notEqual(leaves, "nobody", `${holder} has gone and left itself in the lease`);
        if (leaves === "itself for a second") assert.equal(seconds, 1);
      }
      await lasts();
    },
  },
  {
    name: "paused",
    async strike({ stage, victim, lasts }) {
      await stage.pause(victim);
      await lasts();
      stage.resume(victim);
    },
  },
  {
    name: "paused for a moment",
    async strike({ stage, victim }) {
      await stage.pause(victim);
      await delay(500);
      stage.resume(victim);
    },
  },
  {
    name: "unplugged",
    async strike({ victim, lasts }) {
      victim.cable.unplug();
      await lasts();
      victim.cable.mend();
    },
  },
  {
    name: "on a silent line",
    not: "waits for ever",
    async strike({ victim, lasts }) {
      victim.cable.hush();
      await lasts();
      victim.cable.mend();
    },
  },
  {
    name: "reconnected",
    async strike({ victim }) {
      victim.cable.flicker();
    },
  },
];
