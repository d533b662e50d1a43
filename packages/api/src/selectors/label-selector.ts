import type { ObjectMeta } from "../meta/object-meta.ts";
import { aggregateErrors } from "../field-error.ts";
import { badRequest } from "../status-errors.ts";
import { invalidValue } from "../validation/field-errors.ts";
import { qualifiedNameMessages } from "../validation/names.ts";
import {
  predicateOf,
  validateRequirement,
  type LabelOperator,
  type LabelRequirement,
} from "./label-requirement.ts";
import { tokensOf, type Token } from "./label-tokens.ts";

/** Which objects are meant, by their labels. All requirements must hold. */
export interface LabelSelector {
  /** Sorted by key. None: every object is meant. */
  readonly requirements: readonly LabelRequirement[];
  matches(object: { readonly metadata: Pick<ObjectMeta, "labels"> }): boolean;
}

/** Reads the text of a selector, such as `app=web,tier in (a, b),!old`. Refuses another with a 400. */
export function parseLabelSelector(text: string): LabelSelector {
  const parsed = parseLabelRequirements(text);
  if (parsed.kind === "malformed") throw badRequest(parsed.message);
  return labelSelectorOf(parsed.requirements);
}

export function labelSelectorOf(requirements: readonly LabelRequirement[]): LabelSelector {
  const predicates = requirements.map(predicateOf);
  return {
    requirements,
    matches: ({ metadata }) => {
      const labels = metadata.labels ?? {};
      return predicates.every((holds) => holds(labels));
    },
  };
}

export type ParsedRequirements =
  | { readonly kind: "parsed"; readonly requirements: readonly LabelRequirement[] }
  | { readonly kind: "malformed"; readonly message: string };

/** The requirements of a selector's text, or the sentence that refuses it. */
export function parseLabelRequirements(text: string): ParsedRequirements {
  const reader = new TokenReader(tokensOf(text));
  const requirements: LabelRequirement[] = [];
  while (reader.next.kind !== "end") {
    if (!startsRequirement(reader.next)) {
      return malformed(`found '${reader.next.text}', expected: !, identifier, or 'end of string'`);
    }
    const requirement = parseRequirement(reader);
    if (typeof requirement === "string") return malformed(`unable to parse requirement: ${requirement}`);
    requirements.push(requirement);
    const separator = reader.take();
    if (separator.kind === "end") break;
    if (separator.text !== ",")
      return malformed(`found '${separator.text}', expected: ',' or 'end of string'`);
    if (!startsRequirement(reader.next)) {
      return malformed(`found '${reader.next.text}', expected: identifier after ','`);
    }
  }
  return { kind: "parsed", requirements: requirements.toSorted(byKey) };
}

class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "" };
  }

  take(): Token {
    const token = this.next;
    this.#at += 1;
    return token;
  }
}

/** A requirement, or the sentence that refuses it. */
function parseRequirement(reader: TokenReader): LabelRequirement | string {
  const isAbsence = reader.next.text === "!";
  if (isAbsence) reader.take();
  const key = reader.take();
  if (!isName(key)) return `found '${key.text}', expected: identifier`;
  const messages = qualifiedNameMessages(key.text);
  if (messages.length > 0) {
    // kube-apiserver names no field here.
    const { message } = invalidValue("", { found: key.text, because: messages.join("; ") });
    return `<nil>: ${message}`;
  }
  if (isAbsence) return checked({ key: key.text, operator: "!", values: [] });
  if (endsRequirement(reader.next)) return checked({ key: key.text, operator: "exists", values: [] });
  const operator = operators.get(reader.next.text);
  if (operator === undefined || reader.next.kind === "name") {
    return `found '${reader.next.text}', expected: in, notin, =, ==, !=, gt, lt`;
  }
  reader.take();
  const values = operator === "in" || operator === "notin" ? parseValues(reader) : parseValue(reader);
  return typeof values === "string"
    ? values
    : checked({ key: key.text, operator, values: values.toSorted() });
}

/** The operators that stand between a key and its values. */
const operators: ReadonlyMap<string, LabelOperator> = new Map([
  ["in", "in"],
  ["notin", "notin"],
  ["=", "="],
  ["==", "=="],
  ["!=", "!="],
  [">", "gt"],
  ["<", "lt"],
]);

function checked(requirement: LabelRequirement): LabelRequirement | string {
  const errors = validateRequirement(requirement);
  return errors.length === 0 ? requirement : aggregateErrors(errors);
}

function parseValue(reader: TokenReader): readonly string[] | string {
  if (endsRequirement(reader.next)) return [""];
  const value = reader.take();
  return isName(value) ? [value.text] : `found '${value.text}', expected: identifier`;
}

/** `(a, b)`. Where a value is missing the empty one is meant: `()` is one value, and so is `(,)`. */
function parseValues(reader: TokenReader): readonly string[] | string {
  const open = reader.take();
  if (open.text !== "(") return `found '${open.text}' expected: '('`;
  const first = reader.next;
  if (first.text === ")") {
    reader.take();
    return [""];
  }
  if (!isName(first) && first.text !== ",") return `found '${first.text}', expected: ',', ')' or identifier`;
  const values = parseValueList(reader);
  if (typeof values !== "string") reader.take();
  return values;
}

/** Up to the closing parenthesis, which stays. */
function parseValueList(reader: TokenReader): readonly string[] | string {
  const values = new Set<string>();
  for (;;) {
    const token = reader.take();
    const { next } = reader;
    if (isName(token)) {
      values.add(token.text);
      if (next.text === ")" && next.kind === "operator") return [...values];
      if (next.text !== ",") return `found '${next.text}', expected: ',' or ')'`;
    } else if (token.text === ",") {
      if (values.size === 0) values.add("");
      if (next.text === ")") return [...values.add("")];
      if (next.text === ",") values.add("");
    } else {
      return `found '${token.text}', expected: ',', or identifier`;
    }
  }
}

/** Where a name is expected, `in` and `notin` are names too. */
function isName({ kind, text }: Token): boolean {
  return kind === "name" || text === "in" || text === "notin";
}

function startsRequirement(token: Token): boolean {
  return isName(token) || token.text === "!";
}

function endsRequirement({ kind, text }: Token): boolean {
  return kind === "end" || text === ",";
}

function byKey(one: LabelRequirement, other: LabelRequirement): number {
  return one.key < other.key ? -1 : one.key > other.key ? 1 : 0;
}

function malformed(message: string): ParsedRequirements {
  return { kind: "malformed", message };
}
