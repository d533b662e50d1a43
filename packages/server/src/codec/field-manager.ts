import { isPrintable } from "@leasehold/api";

/**
 * The name under which a write is recorded: the one that was given, or the first word of the User-Agent, whose characters are the bytes of
 * the header.
 */
export function fieldManager(given: string, userAgent: string): string {
  if (given !== "") return given;
  const slash = userAgent.indexOf("/");
  const word = slash === -1 ? userAgent : userAgent.slice(0, slash);
  return isPlain(word) ? word : printable(Buffer.from(word, "latin1").toString("utf8"));
}

/** kube-apiserver's bound on the length of a manager's name, in bytes. */
const managerBytesMax = 128;

function isPlain(word: string): boolean {
  return word.length <= managerBytesMax && /^[ -~]*$/.test(word);
}

function printable(word: string): string {
  let name = "";
  let bytes = 0;
  for (const character of word) {
    if (!isPrintable(character)) continue;
    bytes += Buffer.byteLength(character);
    if (bytes > managerBytesMax) break;
    name += character;
  }
  return name;
}
