import { scannerRefusal, type YamlRefusal } from "./yaml-refusal.ts";

/** A place in a text, and what stands there. Lines and columns count from 0. */
export class YamlSource {
  index = 0;
  line = 0;
  column = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The character `offset` places on; empty at the end. */
  peek(offset = 0): string {
    return this.#text.charAt(this.index + offset);
  }

  skip(count = 1): void {
    this.index += count;
    this.column += count;
  }

  /** Steps over a line break; the answer is what it stands for in a scalar. */
  skipLine(): string {
    const character = this.peek();
    this.index += character === "\r" && this.peek(1) === "\n" ? 2 : 1;
    this.column = 0;
    this.line++;
    return character === "\u2028" || character === "\u2029" ? character : "\n";
  }

  take(): string {
    const character = this.peek();
    this.skip();
    return character;
  }

  /** Takes all that a pattern matches from here, within the line. The pattern is sticky. */
  takeRun(pattern: RegExp): string {
    pattern.lastIndex = this.index;
    const run = pattern.exec(this.#text)?.[0] ?? "";
    this.skip(run.length);
    return run;
  }

  isEnd(offset = 0): boolean {
    return this.index + offset >= this.#text.length;
  }

  isBreak(offset = 0): boolean {
    return breaks.has(this.peek(offset));
  }

  isBlank(offset = 0): boolean {
    return isBlank(this.peek(offset));
  }

  isBlankOrEnd(offset = 0): boolean {
    return this.isBlank(offset) || this.isBreak(offset) || this.isEnd(offset);
  }

  /** Whether `---` or `...` stands here, alone at the start of a line. */
  isDocumentMark(mark: "---" | "..."): boolean {
    return this.column === 0 && this.#text.startsWith(mark, this.index) && this.isBlankOrEnd(3);
  }

  refusal(problem: string): YamlRefusal {
    return scannerRefusal(problem, this.line);
  }

  /** Steps over blanks and a comment to the end of the line, and over its break. Nothing else may stand there. */
  finishLine(): void {
    this.takeRun(blanks);
    if (this.peek() === "#") this.skipComment();
    if (!this.isBreak() && !this.isEnd()) throw this.refusal("did not find expected comment or line break");
    if (this.isBreak()) this.skipLine();
  }

  skipComment(): void {
    this.takeRun(restOfLine);
  }
}

const breaks: ReadonlySet<string> = new Set(["\n", "\r", "\u0085", "\u2028", "\u2029"]);

function isBlank(character: string): boolean {
  return character === " " || character === "\t";
}

const blanks = /[ \t]*/y;

/** Everything up to a line break. */
export const restOfLine = /[^\n\r\u0085\u2028\u2029]*/y;

/** The characters of names: anchors, directives and the handles of tags. */
export const nameCharacters = /[\w-]*/y;
