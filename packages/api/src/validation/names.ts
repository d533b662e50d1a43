import { utf8Length } from "../utf8-length.ts";
import { validationLimits } from "./limits.ts";

/**
 * The form that `metadata.name` must have. `label` and `subdomain` are DNS's (RFC 1123), `segment` is anything that fits one segment
 * of a path, `config-key` is a file name.
 */
export type NameRule = "label" | "subdomain" | "segment" | "config-key";

/** What is wrong with a name, in kube-apiserver's words; empty when nothing is. */
export function nameMessages(rule: NameRule, name: string): readonly string[] {
  return rules[rule].ofName(name);
}

/** What is wrong with the beginning of a name, behind which a random ending will stand. */
export function namePrefixMessages(rule: NameRule, prefix: string): readonly string[] {
  return rules[rule].ofPrefix(prefix);
}

export function subdomainMessages(name: string): readonly string[] {
  const messages = tooLongMessages(name, {
    bytesMax: validationLimits.subdomainBytesMax,
    unit: "characters",
  });
  if (subdomain.test(name)) return messages;
  return [...messages, mismatch(subdomainSentence, { source: subdomainSource, examples: ["example.com"] })];
}

export function labelMessages(name: string): readonly string[] {
  const messages = tooLongMessages(name, { bytesMax: validationLimits.labelBytesMax, unit: "characters" });
  if (label.test(name)) return messages;
  if (subdomain.test(name)) return [...messages, "must not contain dots"];
  return [...messages, mismatch(labelSentence, { source: labelSource, examples: ["my-name", "123-abc"] })];
}

/** A label key, an annotation key, a finalizer: `name` or `dns.domain/name`. */
export function qualifiedNameMessages(key: string): readonly string[] {
  const [first = "", second, ...rest] = key.split("/");
  if (rest.length > 0) {
    return [
      `a valid label key ${mismatch(keySentence, keyForm)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  if (second === undefined) return keyNameMessages(first);
  const prefix = first === "" ? ["must be non-empty"] : keyPrefixMessages(first);
  return [...prefix.map((message) => `prefix part ${message}`), ...keyNameMessages(second)];
}

export function labelValueMessages(value: string): readonly string[] {
  const messages = tooLongMessages(value, { bytesMax: validationLimits.labelBytesMax, unit: "bytes" });
  if (labelValue.test(value)) return messages;
  const examples = ["MyValue", "my_value", "12345"];
  return [...messages, mismatch(labelValueSentence, { source: labelValueSource, examples })];
}

const labelSource = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomainSource = `${labelSource}(\\.${labelSource})*`;
const keySource = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const labelValueSource = `(${keySource})?`;
const configKeySource = "[-._a-zA-Z0-9]+";

const labelSentence =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const subdomainSentence =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const keySentence =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const labelValueSentence =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const configKeySentence = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";

const keyForm = { source: keySource, examples: ["MyName", "my.name", "123-abc"] };

/**
 * The same languages as the sources above, which stand in the messages. Written so that no two parts can match the same character:
 * a regular expression that backtracks would take minutes over a long bad name.
 */
const label = /^[a-z0-9]+(?:-+[a-z0-9]+)*$/;
const subdomain = /^[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/;
const key = /^[A-Za-z0-9]+(?:[-_.]+[A-Za-z0-9]+)*$/;
const labelValue = /^(?:[A-Za-z0-9]+(?:[-_.]+[A-Za-z0-9]+)*)?$/;
const configKey = /^[-._a-zA-Z0-9]+$/;

const rules = {
  label: { ofName: labelMessages, ofPrefix: (prefix: string) => labelMessages(withoutFinalDash(prefix)) },
  subdomain: {
    ofName: subdomainMessages,
    ofPrefix: (prefix: string) => subdomainMessages(withoutFinalDash(prefix)),
  },
  segment: { ofName: segmentMessages, ofPrefix: segmentCharacterMessages },
  "config-key": { ofName: configKeyMessages, ofPrefix: configKeyMessages },
} satisfies Record<NameRule, unknown>;

/** A prefix may end in a dash, since something will follow. kube-apiserver drops the character before it too, and so do we. */
function withoutFinalDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith("-") ? `${prefix.slice(0, -2)}a` : prefix;
}

function segmentMessages(name: string): readonly string[] {
  return name === "." || name === ".." ? [`may not be '${name}'`] : segmentCharacterMessages(name);
}

function segmentCharacterMessages(name: string): readonly string[] {
  return ["/", "%"].filter((banned) => name.includes(banned)).map((banned) => `may not contain '${banned}'`);
}

function configKeyMessages(name: string): readonly string[] {
  const messages = [
    ...tooLongMessages(name, { bytesMax: validationLimits.subdomainBytesMax, unit: "characters" }),
  ];
  if (!configKey.test(name)) {
    const examples = ["key.name", "KEY_NAME", "key-name"];
    messages.push(mismatch(configKeySentence, { source: configKeySource, examples }));
  }
  if (name === "." || name === "..") messages.push(`must not be '${name}'`);
  else if (name.startsWith("..")) messages.push("must not start with '..'");
  return messages;
}

function keyPrefixMessages(prefix: string): readonly string[] {
  const { subdomainBytesMax } = validationLimits;
  const messages = tooLongMessages(prefix, { bytesMax: subdomainBytesMax, unit: "bytes" });
  if (subdomain.test(prefix)) return messages;
  return [...messages, mismatch(subdomainSentence, { source: subdomainSource, examples: ["example.com"] })];
}

function keyNameMessages(name: string): readonly string[] {
  const { labelBytesMax } = validationLimits;
  const messages =
    name === ""
      ? ["must be non-empty"]
      : [...tooLongMessages(name, { bytesMax: labelBytesMax, unit: "bytes" })];
  if (!key.test(name)) messages.push(mismatch(keySentence, keyForm));
  return messages.map((message) => `name part ${message}`);
}

function tooLongMessages(
  text: string,
  { bytesMax, unit }: { readonly bytesMax: number; readonly unit: "bytes" | "characters" },
): readonly string[] {
  return utf8Length(text) > bytesMax ? [`must be no more than ${bytesMax} ${unit}`] : [];
}

function mismatch(
  sentence: string,
  { source, examples }: { readonly source: string; readonly examples: readonly string[] },
): string {
  const shown = examples.map((example) => `'${example}', `).join(" or ");
  return `${sentence} (e.g. ${shown}regex used for validation is '${source}')`;
}
