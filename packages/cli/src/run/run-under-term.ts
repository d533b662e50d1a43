import { type Term, TermEndedError } from "@leasehold/client";
import { aborted } from "./aborted.ts";
import { deadlinesOf } from "./deadlines.ts";
import type { CommandEnd } from "./gated-command.ts";
import { type CommandParts, SupervisedCommand } from "./supervised-command.ts";

/** What became of a command under one term. All of its group is gone in each case. */
export type Outcome =
  | { readonly kind: "ended"; readonly end: CommandEnd }
  | { readonly kind: "lost"; readonly because: string }
  /** The guard has died, so that the command could not be left running. */
  | { readonly kind: "unguarded" };

/** Runs a command while a term is live. `started` is told of it, to pass signals and renewals on. */
export async function runUnderTerm(
  term: Term,
  parts: CommandParts,
  started: (command: SupervisedCommand) => void,
): Promise<Outcome> {
  const command = await SupervisedCommand.start(parts, {
    deadlines: deadlinesOf(term, parts.clock, parts.grace),
    signal: term.signal,
  });
  if (command === undefined) return lost(term);
  started(command);
  const first = await Promise.race([
    command.ended.then((end) => ({ kind: "ended", end }) as const),
    aborted(term.signal).then(() => "lost" as const),
    parts.guard.ended.then(() => "unguarded" as const),
  ]);
  switch (first) {
    case "lost":
      // Others wait for the lease to run out, except where it was taken from its holder: then they may have it already.
      await (isOthersAlready(term) ? command.kill() : command.stop());
      return lost(term);
    case "unguarded":
      await command.stop();
      return { kind: "unguarded" };
    default:
      await command.settle();
      return first;
  }
}

function isOthersAlready({ signal }: Term): boolean {
  const reason: unknown = signal.reason;
  return reason instanceof TermEndedError && ["taken", "revoked"].includes(reason.end.kind);
}

function lost({ signal }: Term): Outcome {
  if (!signal.aborted) return { kind: "lost", because: "the guard process does not answer" };
  const reason: unknown = signal.reason;
  return { kind: "lost", because: reason instanceof Error ? reason.message : String(reason) };
}
