/** A header that came several times, as one. */
export function headerValue(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value.join(", ") : value;
}
