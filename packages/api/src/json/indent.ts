/** Compact JSON text as Go indents it: two spaces a level, nothing inside what is empty. */
export function prettyJson(compact: string): string {
  let text = "";
  let depth = 0;
  for (let at = 0; at < compact.length;) {
    const character = compact.charAt(at);
    const end = character === '"' ? stringEnd(compact, at) : at + 1;
    const token = compact.slice(at, end);
    at = end;
    if (token === "{" || token === "[") {
      const close = token === "{" ? "}" : "]";
      if (compact.charAt(at) === close) {
        text += token + close;
        at++;
      } else text += token + lineBreak(++depth);
    } else if (token === "}" || token === "]") text += lineBreak(--depth) + token;
    else if (token === ",") text += token + lineBreak(depth);
    else if (token === ":") text += ": ";
    else text += token;
  }
  return text;
}

function lineBreak(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}

function stringEnd(compact: string, start: number): number {
  let at = start + 1;
  while (compact.charAt(at) !== '"') at += compact.charAt(at) === "\\" ? 2 : 1;
  return at + 1;
}
