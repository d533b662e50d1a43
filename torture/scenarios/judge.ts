import { checkLinearizability } from "../checkers/linearizability.ts";
import { checkRevisions } from "../checkers/revisions.ts";
import { changesIn, WatchChecker } from "../checkers/watch.ts";
import type { Figures } from "../figures.ts";
import type { History } from "../history/history.ts";
import type { Change } from "../history/operation.ts";
import { BreachError } from "../scenario.ts";

/** Counts and checks all that was done and told in a round. Throws a BreachError when something does not hold. */
export function judge(history: History, figures: Figures): void {
  count(history, figures);
  check(history, figures);
}

/** The union of what all watchers were told: one that was told less has a gap. */
export function changesOf({ sessions }: History): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const session of sessions)
    for (const { revision, key, type, value } of changesIn(session))
      changes.set(`${revision} ${key} ${type} ${value}`, { revision, key, type, value });
  return [...changes.values()].toSorted((one, other) => one.revision - other.revision);
}

function count(history: History, figures: Figures): void {
  const { operations, sessions } = history;
  const writes = operations.filter((operation) => operation.kind === "write");
  const items = sessions.flatMap((session) => session.items);
  figures.add("operations checked", operations.length);
  figures.add("acknowledged writes", writes.filter(({ outcome }) => outcome.kind === "done").length);
  figures.add("writes of unknown outcome", writes.filter(({ outcome }) => outcome.kind === "unknown").length);
  figures.add("lists checked", operations.filter(({ kind }) => kind === "list").length);
  figures.add("watches", sessions.length);
  figures.add("watch events checked", items.filter(({ kind }) => kind === "event").length);
  figures.add("bookmarks checked", items.filter(({ kind }) => kind === "bookmark").length);
  figures.add("watches expired", items.filter(({ kind }) => kind === "expired").length);
}

function check(history: History, figures: Figures): void {
  const { operations, sessions } = history;
  const changes = changesOf(history);
  const watches = new WatchChecker(changes);
  const gaps = sessions.flatMap((session) => watches.check(session));
  const revisions = checkRevisions({ operations, changes });
  const orders = checkLinearizability(operations).map(
    ({ key, operation, possible }) =>
      `${key} is not linearizable: ${JSON.stringify(operation)} when it could only be ${possible.join(" or ")}`,
  );
  const losses = revisions.filter((breach) => breach.startsWith("lost"));
  figures.add("losses", losses.length);
  figures.add("gaps", gaps.length);
  figures.add("other breaches", revisions.length - losses.length + orders.length);
  const breaches = [...losses, ...orders, ...revisions, ...gaps];
  if (breaches.length > 0) throw new BreachError(breaches);
}
