/** What Go says of text that is not padded base64; line breaks do not count. */
export function base64Error(text: string): string | undefined {
  const clean = text.replace(/[\r\n]/g, "");
  if (/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(clean) && !clean.includes("_")) return undefined;
  const wrong = /[^A-Za-z0-9+/\r\n]/.exec(text)?.index ?? text.length;
  return `illegal base64 data at input byte ${wrong}`;
}
