import type { ApiObject, SelectableFields } from "../kind.ts";
import { badRequest } from "../status-errors.ts";

/** Which objects are meant, by a few of their fields. All terms must hold. */
export interface FieldSelector {
  /** None: every object is meant. */
  readonly terms: readonly FieldTerm[];
  /** The one value that the field must have; undefined when the selector leaves a choice. */
  exactValue(field: string): string | undefined;
  matches(object: ApiObject): boolean;
}

export interface FieldTerm {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** Reads the text of a selector, such as `metadata.name=a,status.phase!=Active`. Refuses another with a 400. */
export function parseFieldSelector(
  text: string,
  { selectableFields }: { readonly selectableFields: SelectableFields },
): FieldSelector {
  const terms = parseFieldTerms(text);
  for (const { field } of terms) {
    if (!selectableFields.names.includes(field)) throw badRequest(selectableFields.refusal(field));
  }
  return {
    terms,
    // An empty name is nobody's, so it does not single an object out.
    exactValue: (field) =>
      terms.find((term) => term.operator === "=" && term.field === field)?.value || undefined,
    matches: (object) =>
      terms.every(
        ({ field, operator, value }) =>
          (selectableFields.valueOf(object, field) === value) === (operator === "="),
      ),
  };
}

/** A value as it stands in a selector's text: commas, equals signs and backslashes are escaped. */
export function escapeFieldValue(value: string): string {
  return value.replaceAll(/[\\,=]/g, "\\$&");
}

/** What a selector's text asks for, whatever the fields are. Refuses with a 400 what makes no sense for any. */
export function parseFieldTerms(text: string): readonly FieldTerm[] {
  return (
    splitTerms(text)
      .filter((term) => term !== "")
      .toSorted()
      .map((term) => termOf(term, text))
      // A lone operator asks for nothing.
      .filter(({ field, value }) => field !== "" || value !== "")
  );
}

/** At commas, but for escaped ones. */
function splitTerms(text: string): readonly string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\") {
      at += 1;
    } else if (text[at] === ",") {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...terms, text.slice(start)];
}

function termOf(term: string, selector: string): FieldTerm {
  const found = /!=|==|=/.exec(term);
  if (found === null) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
  const field = term.slice(0, found.index);
  const value = unescapeFieldValue(term.slice(found.index + found[0].length));
  return { field, operator: found[0] === "!=" ? "!=" : "=", value };
}

function unescapeFieldValue(escaped: string): string {
  let value = "";
  const characters = Array.from(escaped);
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    if (character === "," || character === "=") {
      const code = character.charCodeAt(0);
      throw badRequest(`invalid field selector: unescaped character in value: ${code}`);
    }
    if (character !== "\\") {
      value += character;
      continue;
    }
    at += 1;
    const next = characters[at] ?? "";
    if (next !== "\\" && next !== "," && next !== "=") {
      throw badRequest(`invalid field selector: invalid escape sequence: \\${next}`);
    }
    value += next;
  }
  return value;
}
