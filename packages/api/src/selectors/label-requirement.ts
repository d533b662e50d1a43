import type { FieldError } from "../field-error.ts";
import { asJson, invalidValue, invalidValues } from "../validation/field-errors.ts";
import { labelValueMessages, qualifiedNameMessages } from "../validation/names.ts";

/** One condition on one label. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  /** Sorted and unique. */
  readonly values: readonly string[];
}

export type LabelOperator = "in" | "notin" | "=" | "==" | "!=" | "gt" | "lt" | "exists" | "!";

type Labels = Readonly<Record<string, string>>;

/** What is wrong with a requirement. */
export function validateRequirement({ key, operator, values }: LabelRequirement): readonly FieldError[] {
  const errors = [...joined("key", { found: key, messages: qualifiedNameMessages(key) })];
  if ((operator === "in" || operator === "notin") && values.length === 0) {
    const because = "for 'in', 'notin' operators, values set can't be empty";
    errors.push(invalidValue("values", { found: asJson(values), because }));
  }
  if (operator === "gt" || operator === "lt") {
    const because = "for 'Gt', 'Lt' operators, the value must be an integer";
    for (const [index, found] of values.entries()) {
      if (parseInteger(found) === undefined)
        errors.push(invalidValue(`values[${index}]`, { found, because }));
    }
  }
  for (const [index, found] of values.entries()) {
    errors.push(...joined(`values[${index}][${key}]`, { found, messages: labelValueMessages(found) }));
  }
  return errors;
}

/** The requirement as a function, ready to be asked of many objects. */
export function predicateOf({ key, operator, values }: LabelRequirement): (labels: Labels) => boolean {
  const wanted = new Set(values);
  const [only = ""] = values;
  switch (operator) {
    case "in":
    case "=":
    case "==":
      if (wanted.size === 1) return (labels) => Object.hasOwn(labels, key) && labels[key] === only;
      return (labels) => Object.hasOwn(labels, key) && wanted.has(labels[key] ?? "");
    case "notin":
    case "!=":
      return (labels) => !Object.hasOwn(labels, key) || !wanted.has(labels[key] ?? "");
    case "exists":
      return (labels) => Object.hasOwn(labels, key);
    case "!":
      return (labels) => !Object.hasOwn(labels, key);
    case "gt":
      return comparison(key, (value) => value > (parseInteger(only) ?? 0n));
    case "lt":
      return comparison(key, (value) => value < (parseInteger(only) ?? 0n));
  }
}

function comparison(key: string, holds: (value: bigint) => boolean): (labels: Labels) => boolean {
  return (labels) => {
    const value = Object.hasOwn(labels, key) ? parseInteger(labels[key] ?? "") : undefined;
    return value !== undefined && holds(value);
  };
}

/** A whole number of 64 bits, as Go reads it; undefined for anything else. */
function parseInteger(text: string): bigint | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Several sentences about one value, in one error. */
function joined(
  field: string,
  { found, messages }: { readonly found: string; readonly messages: readonly string[] },
): readonly FieldError[] {
  return invalidValues(field, { found, messages: messages.length === 0 ? [] : [messages.join("; ")] });
}
