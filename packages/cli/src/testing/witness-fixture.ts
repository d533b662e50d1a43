import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, testDirectory } from "./cli-process-fixture.ts";

/** What the commands of one test have seen of one another. */
export class Witness {
  readonly directory = testDirectory();

  /** Stands behind `--`. */
  command(manner: "" | "deaf" = ""): readonly string[] {
    return [
      process.execPath,
      join(import.meta.dirname, "witness-command-fixture.ts"),
      this.directory,
      manner,
    ];
  }

  get notes(): readonly Note[] {
    return read(join(this.directory, "log"));
  }

  /** Resolves when so many commands have started in all, the last of them. */
  async started(count: number): Promise<Note> {
    return eventually(() => this.notes.filter(({ what }) => what === "start")[count - 1]);
  }

  /** No two commands ran at one time, and the tokens grew from each to the next. */
  assertAlone(): void {
    assert.deepEqual(
      this.notes.filter(({ what }) => what === "overlap"),
      [],
    );
    const tokens = this.notes.filter(({ what }) => what === "start").map(({ token }) => BigInt(token));
    assert.deepEqual(
      tokens,
      tokens.toSorted((left, right) => (left < right ? -1 : 1)),
    );
  }
}

export interface Note {
  readonly what: string;
  readonly token: string;
  readonly pid: number;
  readonly slot: string;
}

function read(path: string): readonly Note[] {
  let text = "";
  try {
    text = readFileSync(path, "utf8");
  } catch {
    // Nobody has written yet.
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [what = "", token = "", pid = "", slot = ""] = line.split(" ");
      return { what, token, pid: Number(pid), slot };
    });
}
