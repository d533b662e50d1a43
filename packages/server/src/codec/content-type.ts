/**
 * The media type of a Content-Type header, in lower case and without its parameters; undefined when the header is malformed,
 * parameters included. As Go's `mime.ParseMediaType`.
 */
export function parseContentType(header: string): string | undefined {
  const semicolon = header.indexOf(";");
  const mediaType = (semicolon === -1 ? header : header.slice(0, semicolon)).trim().toLowerCase();
  if (!wellFormed.test(mediaType)) return undefined;
  return semicolon === -1 || hasGoodParameters(header.slice(semicolon)) ? mediaType : undefined;
}

const wellFormed = /^[\w!#$%&'*+\-.^`|~]+(\/[\w!#$%&'*+\-.^`|~]+)?$/;
const parameter = /^\s*;\s*([\w!#$%&'*+\-.^`|~]+)=(?:[\w!#$%&'*+\-.^`|~]+|"(?:[^"\\\r\n]|\\.)*")\s*/;

function hasGoodParameters(text: string): boolean {
  const names = new Set<string>();
  for (let rest = text; rest.trim() !== "";) {
    const match = parameter.exec(rest);
    const name = match?.[1]?.toLowerCase();
    // A semicolon with nothing behind it is let through.
    if (match === null || name === undefined) return rest.trim() === ";";
    if (names.has(name)) return false;
    names.add(name);
    rest = rest.slice(match[0].length);
  }
  return true;
}
