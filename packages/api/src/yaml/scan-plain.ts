import { foldedBreaks } from "./scan-quoted.ts";
import type { YamlSource } from "./yaml-source.ts";

/** Where a scalar stands. */
export interface ScalarContext {
  /** The column of the block around it; -1 for none. */
  readonly indent: number;
  readonly isInFlow: boolean;
}

export interface PlainScalar {
  readonly text: string;
  /** A line break follows it, behind which a key may begin. */
  readonly endsLine: boolean;
}

/** Reads a scalar without quotation marks, over as many lines as are indented further than the block. */
export function scanPlain(source: YamlSource, { indent, isInFlow }: ScalarContext): PlainScalar {
  let text = "";
  let spaces: Spaces = { text: "", isBroken: false };
  for (;;) {
    if (source.isDocumentMark("---") || source.isDocumentMark("...") || source.peek() === "#") break;
    const word = scanWord(source, isInFlow);
    if (word !== "") {
      text += spaces.text + word;
      spaces = { text: "", isBroken: false };
    }
    if (!source.isBlank() && !source.isBreak()) break;
    spaces = scanSpaces(source, spaces, indent + 1);
    if (!isInFlow && source.column < indent + 1) break;
  }
  return { text, endsLine: spaces.isBroken };
}

function scanWord(source: YamlSource, isInFlow: boolean): string {
  let word = "";
  while (!source.isBlankOrEnd()) {
    const character = source.peek();
    if (character === ":" && source.isBlankOrEnd(1)) break;
    if (isInFlow && ",?[]{}".includes(character)) break;
    word += source.take() + source.takeRun(plainRun);
  }
  return word;
}

/** Characters that never end a plain scalar. */
const plainRun = /[^\s:,?[\]{}\u0085]*/y;

/** What stands between two words, and whether a line break is part of it. */
interface Spaces {
  readonly text: string;
  readonly isBroken: boolean;
}

function scanSpaces(source: YamlSource, before: Spaces, indent: number): Spaces {
  let blanks = before.text;
  let firstBreak = "";
  let moreBreaks = "";
  let isBroken = before.isBroken;
  while (source.isBlank() || source.isBreak()) {
    if (source.isBreak()) {
      if (isBroken) moreBreaks += source.skipLine();
      else firstBreak = source.skipLine();
      isBroken = true;
    } else {
      if (isBroken && source.column < indent && source.peek() === "\t")
        throw source.refusal("found a tab character that violates indentation");
      const blank = source.take();
      if (!isBroken) blanks += blank;
    }
  }
  return { text: isBroken ? foldedBreaks(firstBreak, moreBreaks) : blanks, isBroken };
}
