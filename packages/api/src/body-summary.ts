import { exactText } from "./json/go-text.ts";

/** How much of a body a refusal shows. */
const summaryBytesMax = 30;

/** The beginning of a body as refusals show it: text when it looks like JSON, else hexadecimal. */
export function bodySummary(bytes: Uint8Array): string {
  if (bytes.length === 0) return "<empty>";
  const shown = bytes.subarray(0, summaryBytesMax);
  const text = bytes[0] === 0x7b ? exactText(shown) : hex(shown);
  return bytes.length > summaryBytesMax ? `${text} ...` : text;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
