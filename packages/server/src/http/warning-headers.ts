import { quote } from "@leasehold/api";
import { limits } from "../limits.ts";
import type { AnswerHeaders } from "./exchange.ts";

/** Warnings as RFC 7234 writes them: code 299, nobody in particular, and the text in quotes. */
export function warningHeaders(warnings: readonly string[]): AnswerHeaders {
  if (warnings.length === 0) return noHeaders;
  const unique = [...new Set(warnings)].slice(0, limits.warningsMax);
  return { Warning: unique.map((text) => `299 - ${quotedText(text)}`) };
}

const noHeaders: AnswerHeaders = {};

/** Control characters have no place in a header. */
function quotedText(text: string): string {
  return quote(text.replaceAll(/[\u0000-\u001f\u007f]/g, " "));
}
