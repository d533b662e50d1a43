/** Several errors as Go's utilerrors.Aggregate prints them: each text once, in brackets unless it is alone. */
export function aggregateText(errors: readonly string[]): string {
  const texts = [...new Set(errors)];
  return texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
}
