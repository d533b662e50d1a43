/** What a strict error is as Warning headers. That of a YAML text has several lines: each becomes one. */
export function strictWarnings(error: string): readonly string[] {
  const prefix = yamlPrefixes.find((start) => error.startsWith(start));
  if (prefix === undefined) return [error];
  return error
    .slice(prefix.length)
    .split("\n")
    .map((line) => line.trim());
}

const yamlPrefixes: readonly string[] = [
  "yaml: unmarshal errors:\n",
  "error converting YAML to JSON: yaml: unmarshal errors:\n",
];
