import { exactText } from "@leasehold/api";

/**
 * The text that a part of a URL stands for, whose escapes are all good ones.
 *
 * Any bytes may be escaped, those that belong to no character included.
 */
export function unescapedText(escaped: string): string {
  if (!escaped.includes("%")) return escaped;
  const latin = Buffer.from(escaped).toString("latin1");
  const bytes = latin.replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return exactText(Buffer.from(bytes, "latin1"));
}
