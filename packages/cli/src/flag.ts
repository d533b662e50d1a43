/**
 * One row of a command's table of flags. It has the shape of the server's settings, so that `serve` stands in the same help and the
 * same completion as the rest.
 */
export interface Flag<Value> {
  /** Without the dashes. */
  readonly flag: string;
  /** One letter, where kubectl has one. */
  readonly short?: string;
  /**
   * What stands for the value in the help; words between bars are all that there are, FILE and DIR are completed as such. A flag without
   * one is a switch: true when nothing follows, false as `--no-…` or `--…=false`.
   */
  readonly placeholder: string | undefined;
  readonly help: string;
  /** As it would be written behind the flag; absent when nothing is the default. */
  readonly defaultText: string | undefined;
  readonly repeats: boolean;
  /** Takes what was written, in order; never empty unless there is no default. */
  readonly parse: (texts: readonly string[]) => Parsed<Value>;
}

export type FlagTable<Values> = { readonly [Name in keyof Values]: Flag<Values[Name]> };

export type Parsed<Value> =
  | { readonly kind: "value"; readonly value: Value }
  /** `needs` completes the sentence "--flag needs …". */
  | { readonly kind: "wrong"; readonly needs: string };
