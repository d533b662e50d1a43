import type { ConformanceCase } from "./case.ts";
import { type OpenTarget, openTarget } from "./target.ts";
import type { Transport } from "./wire/transport.ts";

export type Outcome = { readonly kind: "passed" } | { readonly kind: "failed"; readonly error: unknown };

/** Runs a case in a namespace of its own, which is gone afterwards. */
export async function runCase(one: ConformanceCase, transport: Transport): Promise<Outcome> {
  let target: OpenTarget | undefined;
  try {
    target = await openTarget(transport);
    await one.run(target);
    return { kind: "passed" };
  } catch (error) {
    return { kind: "failed", error };
  } finally {
    await target?.close();
  }
}

/** Does the work for each item, a few at a time, in order of beginning. */
export async function forEach<Item>(
  items: Iterable<Item>,
  { atOnceMax, work }: { readonly atOnceMax: number; readonly work: (item: Item) => Promise<void> },
): Promise<void> {
  // Taking from one iterator is what divides the items among the workers.
  const rest = Iterator.from(items);
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: atOnceMax }, worker));
}
