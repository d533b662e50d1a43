import type { Expected } from "./wire/answer.ts";
import type { Options } from "./wire/request.ts";
import type { Target } from "./target.ts";

/** One thing that is true of the wire, told by its name. It fails by throwing, and works in a namespace of its own. */
export interface ConformanceCase {
  readonly name: string;
  run(target: Target): Promise<void>;
}

/** A request and its answer: `["GET leases/a", ok(…)]`, or with what goes along, `["POST leases", { json: … }, created(…)]`. */
export type Row =
  | readonly [line: string, is: Expected]
  | readonly [line: string, options: Options, is: Expected];

/** A case that is a table: the leases that are there, and what is asked and answered from top to bottom. */
export function table(
  name: string,
  { given = [], rows }: { readonly given?: readonly object[]; readonly rows: readonly Row[] },
): ConformanceCase {
  return {
    name,
    async run(target) {
      for (const json of given) await target.make("leases", json);
      await target.answers(rows);
    },
  };
}
