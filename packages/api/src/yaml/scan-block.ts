import { restOfLine, type YamlSource } from "./yaml-source.ts";

/** Reads a literal (`|`) or folded (`>`) scalar; `indent` is the column of the block around it. */
export function scanBlock(source: YamlSource, indent: number): string {
  const isLiteral = source.take() === "|";
  const header = scanHeader(source);
  source.finishLine();
  const column = header.increment === 0 ? 0 : Math.max(indent, 0) + header.increment;
  const lines = new BlockLines(source, { column, columnMin: indent + 1 });
  let text = "";
  let lineBreak = "";
  let wasBlank = false;
  while (source.column === lines.column && !source.isEnd()) {
    const isBlank = source.isBlank();
    const isFolded = !isLiteral && lineBreak === "\n" && !wasBlank && !isBlank;
    if (!isFolded) text += lineBreak;
    else if (lines.breaks === "") text += " ";
    text += lines.breaks;
    wasBlank = isBlank;
    text += source.takeRun(restOfLine);
    lineBreak = source.isEnd() ? "" : source.skipLine();
    lines.scanBreaks();
  }
  if (header.chomping === "strip") return text;
  return header.chomping === "keep" ? text + lineBreak + lines.breaks : text + lineBreak;
}

interface Header {
  /** What becomes of the line breaks at the end: only the first stays, none, or all. */
  readonly chomping: "clip" | "strip" | "keep";
  /** How much further than the block around it the scalar is indented; 0 to find out. */
  readonly increment: number;
}

/** The two indicators may come in either order. */
function scanHeader(source: YamlSource): Header {
  const early = scanChomping(source);
  const increment = scanIncrement(source);
  return { chomping: early ?? scanChomping(source) ?? "clip", increment };
}

function scanChomping(source: YamlSource): Header["chomping"] | undefined {
  const indicator = source.peek();
  if (indicator !== "+" && indicator !== "-") return undefined;
  source.skip();
  return indicator === "+" ? "keep" : "strip";
}

function scanIncrement(source: YamlSource): number {
  if (!/^\d$/.test(source.peek())) return 0;
  if (source.peek() === "0") throw source.refusal("found an indentation indicator equal to 0");
  return Number(source.take());
}

/** The empty lines and the indentation before each line of a block scalar. */
class BlockLines {
  /** Where lines begin: that of the first, unless the header says it. */
  column: number;
  /** The breaks of the empty lines before the line that is next. */
  breaks = "";
  readonly #source: YamlSource;

  constructor(
    source: YamlSource,
    { column, columnMin }: { readonly column: number; readonly columnMin: number },
  ) {
    this.#source = source;
    this.column = column;
    const deepest = this.scanBreaks();
    if (column === 0) this.column = Math.max(deepest, columnMin, 1);
  }

  /** Steps over empty lines and indentation; the answer is the furthest column that it saw. */
  scanBreaks(): number {
    const source = this.#source;
    let deepest = 0;
    this.breaks = "";
    for (;;) {
      while (this.#isIndentation() && source.peek() === " ") source.skip();
      deepest = Math.max(deepest, source.column);
      if (this.#isIndentation() && source.peek() === "\t")
        throw source.refusal("found a tab character where an indentation space is expected");
      if (!source.isBreak()) return deepest;
      this.breaks += source.skipLine();
    }
  }

  #isIndentation(): boolean {
    return this.column === 0 || this.#source.column < this.column;
  }
}
