/** How many bytes a text takes in UTF-8: what Kubernetes counts where it bounds a length. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes, a lone surrogate becomes U+FFFD: two more each way.
    bytes += unit < 0x800 ? 1 : isPairAt(text, at) ? 1 : 2;
    if (isPairAt(text, at)) {
      at += 1;
      bytes += 1;
    }
  }
  return bytes;
}

function isPairAt(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}
