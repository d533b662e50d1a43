export type Csv =
  | { readonly kind: "records"; readonly records: readonly CsvRecord[] }
  | { readonly kind: "malformed"; readonly line: number; readonly problem: string };

export interface CsvRecord {
  /** Where it starts, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Comma-separated values by the rules of Go's encoding/csv: fields may be quoted, a quote inside is doubled, a quoted field may
 * run over lines, empty lines do not count, spaces do, and a record may have any number of fields.
 */
export function parseCsv(text: string): Csv {
  const records: CsvRecord[] = [];
  const rest = { text: text.replaceAll("\r\n", "\n").replace(/\r$/, ""), at: 0, line: 1 };
  while (rest.at < rest.text.length) {
    const line = rest.line;
    const record = takeRecord(rest);
    if (record.kind === "malformed") return record;
    if (record.fields.length > 1 || record.fields[0] !== "" || record.quoted)
      records.push({ line, fields: record.fields });
  }
  return { kind: "records", records };
}

/** What is left to read. */
interface Rest {
  readonly text: string;
  at: number;
  line: number;
}

type Malformed = Extract<Csv, { kind: "malformed" }>;
type TakenRecord =
  | { readonly kind: "record"; readonly fields: readonly string[]; readonly quoted: boolean }
  | Malformed;

function takeRecord(rest: Rest): TakenRecord {
  const fields: string[] = [];
  let quoted = false;
  while (true) {
    const isQuoted = rest.text[rest.at] === '"';
    const field = isQuoted ? takeQuoted(rest) : takePlain(rest);
    if (field.kind === "malformed") return field;
    fields.push(field.text);
    quoted ||= isQuoted;
    const end = rest.text[rest.at];
    rest.at += 1;
    if (end === ",") continue;
    rest.line += 1;
    return { kind: "record", fields, quoted };
  }
}

type TakenField = { readonly kind: "field"; readonly text: string } | Malformed;

function takePlain(rest: Rest): TakenField {
  const text = matchAt(rest, plainField);
  if (text.includes('"'))
    return { kind: "malformed", line: rest.line, problem: "a quote in a field that is not quoted" };
  return { kind: "field", text };
}

function takeQuoted(rest: Rest): TakenField {
  const raw = matchAt(rest, quotedField);
  if (raw === "")
    return { kind: "malformed", line: rest.line, problem: "a quoted field without its closing quote" };
  rest.line += raw.split("\n").length - 1;
  const next = rest.text[rest.at];
  if (next !== undefined && next !== "," && next !== "\n") {
    return { kind: "malformed", line: rest.line, problem: "a quote in a quoted field that is not doubled" };
  }
  return { kind: "field", text: raw.slice(1, -1).replaceAll('""', '"') };
}

const plainField = /[^,\n]*/y;
const quotedField = /"(?:[^"]|"")*"/y;

function matchAt(rest: Rest, pattern: RegExp): string {
  pattern.lastIndex = rest.at;
  const match = pattern.exec(rest.text)?.[0] ?? "";
  rest.at += match.length;
  return match;
}
