import { quote } from "@leasehold/api";
import { limits } from "../limits.ts";
import type { HttpAnswer } from "./exchange.ts";

/** An answer with warnings as RFC 7234 writes them: code 299, from nobody in particular, the text in quotes. */
export function withWarnings(answer: HttpAnswer, warnings: ReadonlySet<string>): HttpAnswer {
  if (warnings.size === 0) return answer;
  const lines = [...warnings].slice(0, limits.warningsMax).map((text) => `299 - ${quotedText(text)}`);
  return { ...answer, headers: { ...answer.headers, Warning: lines } };
}

/** Control characters have no place in a header. */
function quotedText(text: string): string {
  return quote(text.replaceAll(/[\u0000-\u001f\u007f]/g, " "));
}
