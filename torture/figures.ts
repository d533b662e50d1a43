/** What a run has counted, by name. A name that is a failure (losses, gaps, breaches) must stay at 0. */
export class Figures {
  readonly #counts = new Map<FigureName, number>();

  add(name: FigureName, count = 1): void {
    this.#counts.set(name, this.get(name) + count);
  }

  addAll(other: Figures): void {
    for (const [name, count] of other.#counts) this.add(name, count);
  }

  get(name: FigureName): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Those that count something in this run, and always those that must be 0. */
  told(): string {
    return figureNames
      .filter((name) => this.get(name) > 0 || mustBeZero.has(name))
      .map((name) => `${this.get(name).toLocaleString("en")} ${name}`)
      .join(", ");
  }
}

const figureNames = [
  "broken promises caught",
  "cycles",
  "kills",
  "power cuts",
  "sectors taken back",
  "disk faults",
  "damages refused",
  "damages harmless",
  "cluster faults",
  "acknowledged writes",
  "losses",
  "operations checked",
  "writes of unknown outcome",
  "lists checked",
  "watches",
  "watch events checked",
  "bookmarks checked",
  "watches expired",
  "gaps",
  "other breaches",
] as const;

export type FigureName = (typeof figureNames)[number];

const mustBeZero: ReadonlySet<FigureName> = new Set(["losses", "gaps", "other breaches"]);
