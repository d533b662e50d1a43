import type { Lease } from "@leasehold/api";
import { epochMsOf } from "@leasehold/client";
import { humanDuration } from "./human-duration.ts";

/** One line of the table that people read. */
export interface LeaseLine {
  readonly lease: Lease;
  /** What stands under EXPIRES. */
  readonly expires: string;
}

/** Writes lines under a head, as wide as the widest of each column, and remembers the widths for lines that follow. */
export class LeaseTable {
  readonly #withNamespace: boolean;
  #widths: readonly number[] = [];

  constructor(options: { readonly withNamespace: boolean }) {
    this.#withNamespace = options.withNamespace;
  }

  /** The head, and the lines below it. */
  begin(lines: readonly LeaseLine[], nowMs: number): readonly string[] {
    return this.#write([head, ...lines.map((line) => cellsOf(line, nowMs))]);
  }

  /** Lines that came later. */
  go(lines: readonly LeaseLine[], nowMs: number): readonly string[] {
    return this.#write(lines.map((line) => cellsOf(line, nowMs)));
  }

  #write(rows: readonly (readonly string[])[]): readonly string[] {
    const shown = this.#withNamespace ? rows : rows.map((cells) => cells.slice(1));
    const columns = shown[0]?.length ?? 0;
    this.#widths = Array.from({ length: columns }, (_, column) =>
      Math.max(this.#widths[column] ?? 0, ...shown.map((cells) => (cells[column] ?? "").length)),
    );
    return shown.map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(this.#widths[column] ?? 0))
        .join("   ")
        .trimEnd(),
    );
  }
}

/**
 * When a lease runs out, as far as one look can tell: by the holder's date and this machine's clock, so that it is as wrong as these
 * two differ, and says so by its "~". Nothing is decided by it.
 */
export function estimatedExpiry({ spec }: Lease, nowMs: number): string {
  const { renewTime, leaseDurationSeconds } = spec;
  if (!isHeld({ spec }) || renewTime === undefined || leaseDurationSeconds === undefined) return "";
  const leftMs = epochMsOf(renewTime) + leaseDurationSeconds * 1000 - nowMs;
  return leftMs <= 0 ? "~expired" : `~${humanDuration(leftMs)}`;
}

export function isHeld({ spec }: Pick<Lease, "spec">): boolean {
  return (spec.holderIdentity ?? "") !== "";
}

const head: readonly string[] = ["NAMESPACE", "NAME", "HOLDER", "RENEWED", "EXPIRES", "AGE"];

function cellsOf({ lease: { metadata, spec }, expires }: LeaseLine, nowMs: number): readonly string[] {
  const renewed =
    spec.renewTime === undefined ? "" : `${humanDuration(nowMs - epochMsOf(spec.renewTime))} ago`;
  const created = metadata.creationTimestamp;
  return [
    metadata.namespace ?? "",
    metadata.name ?? "",
    (spec.holderIdentity ?? "") === "" ? "<none>" : (spec.holderIdentity ?? ""),
    renewed,
    expires,
    created === undefined ? "" : humanDuration(nowMs - epochMsOf(created)),
  ];
}
