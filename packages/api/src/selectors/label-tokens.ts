/**
 * The words of a label selector: `x in (a, b), !y, z!=1` is `x` `in` `(` `a` `,` `b` `)` `,` `!` `y` `,` `z` `!=` `1`.
 *
 * `in` and `notin` are operators or plain names, depending on where they stand; that is for the parser to tell.
 */
export interface Token {
  readonly kind: "name" | "operator" | "end";
  readonly text: string;
}

/** The last token is the end, and no other. */
export function tokensOf(selector: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(selector[at])) at += 1;
    const character = selector[at];
    if (character === undefined || character === terminator) return [...tokens, { kind: "end", text: "" }];
    const token = isSymbol(character) ? symbolAt(selector, at) : nameAt(selector, at);
    tokens.push(token);
    at += token.text.length;
    // A terminator right behind a token only ends the token.
    if (selector[at] === terminator) at += 1;
  }
}

/** Kubernetes' scanner reads a NUL as the end of the text. */
const terminator = "\0";

const twoCharacterSymbols: ReadonlySet<string> = new Set(["==", "!="]);

function isSpace(character: string | undefined): boolean {
  return character === " " || character === "\t" || character === "\r" || character === "\n";
}

function isSymbol(character: string): boolean {
  return "=!(),><".includes(character);
}

function symbolAt(selector: string, at: number): Token {
  const two = selector.slice(at, at + 2);
  return { kind: "operator", text: twoCharacterSymbols.has(two) ? two : selector.slice(at, at + 1) };
}

function nameAt(selector: string, start: number): Token {
  let end = start;
  for (;;) {
    const character = selector[end];
    if (character === undefined || character === terminator || isSpace(character) || isSymbol(character)) {
      const text = selector.slice(start, end);
      return { kind: text === "in" || text === "notin" ? "operator" : "name", text };
    }
    end += 1;
  }
}
