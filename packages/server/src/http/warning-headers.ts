import { limits } from "../limits.ts";
import type { HttpAnswer } from "./exchange.ts";

/** An answer with warnings as RFC 7234 writes them: code 299, from nobody in particular, the text in quotes. */
export function withWarnings(answer: HttpAnswer, warnings: ReadonlySet<string>): HttpAnswer {
  if (warnings.size === 0) return answer;
  const lines = withinBounds([...warnings].filter(isTellable)).map((text) => `299 - ${quoted(text)}`);
  return { ...answer, headers: { ...answer.headers, Warning: [...lines, ...knownWarnings(answer)] } };
}

function knownWarnings({ headers: { Warning: known = [] } }: HttpAnswer): readonly string[] {
  return typeof known === "string" ? [known] : known;
}

/** Control characters have no place in a header, and kube-apiserver keeps a warning that has any to itself. */
function isTellable(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

/**
 * Warnings are told whole as long as all of them together are short enough. With the first one too many, each is cut, those before it
 * too; then others follow until the bound is reached a second time.
 */
function withinBounds(texts: readonly string[]): readonly string[] {
  let characters = 0;
  for (const [index, text] of texts.entries()) {
    characters += lengthOf(text);
    if (characters > limits.warningCharactersMax) return cutTexts(texts, index + 1);
  }
  return texts;
}

function cutTexts(texts: readonly string[], alwaysTold: number): readonly string[] {
  const told: string[] = [];
  let characters = 0;
  for (const text of texts) {
    if (told.length >= alwaysTold && characters >= limits.warningCharactersMax) break;
    const cut = Array.from(text).slice(0, limits.cutWarningCharactersMax).join("");
    characters += lengthOf(cut);
    told.push(cut);
  }
  return told;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
