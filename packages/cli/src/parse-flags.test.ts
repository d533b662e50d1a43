import assert from "node:assert/strict";
import { test } from "node:test";
import { operands } from "./command.ts";
import type { Flag, Parsed } from "./flag.ts";
import { parseFlags } from "./parse-flags.ts";

const text = (texts: readonly string[]): Parsed<string> =>
  texts.at(-1) === "bad" ? { kind: "wrong", needs: "a good one" } : { kind: "value", value: texts.join("+") };

const flags: { readonly color: Flag<string>; readonly wait: Flag<string> } = {
  color: {
    flag: "color",
    short: "c",
    placeholder: "red|blue",
    help: "",
    defaultText: "red",
    repeats: true,
    parse: text,
  },
  wait: {
    flag: "wait",
    placeholder: undefined,
    help: "",
    defaultText: "true",
    repeats: false,
    parse: text,
  },
};

const read = [
  { argv: "one", color: "red", wait: "true" },
  { argv: "one --color blue", color: "blue", wait: "true" },
  { argv: "one --color=blue -c red -cblue", color: "blue+red+blue", wait: "true" },
  { argv: "--color blue one", color: "blue", wait: "true" },
  { argv: "--no-wait one", color: "red", wait: "false" },
  { argv: "--wait one", color: "red", wait: "true" },
  { argv: "one --wait=false", color: "red", wait: "false" },
];

for (const { argv, color, wait } of read) {
  test(`"${argv}" is read as one, ${color} and ${wait}`, () => {
    const parsed = parseFlags({ flags, operands: operands.name }, argv.split(" "));
    assert.deepEqual(parsed, {
      kind: "asked",
      asked: { flags: { color, wait }, operands: ["one"], commandLine: [] },
    });
  });
}

const refused = [
  { argv: "", line: "the name of a lease is missing" },
  { argv: "one two", line: 'unexpected argument "two"' },
  { argv: "one -- two", line: 'unexpected argument "two"' },
  { argv: "one --colour blue", line: "unknown flag --colour; --help lists them" },
  { argv: "one -x", line: "unknown flag -x; --help lists them" },
  { argv: "one --no-color", line: "unknown flag --no-color; --help lists them" },
  { argv: "one --no-wait=false", line: "--no-wait takes no value" },
  { argv: "one --color", line: "--color needs a value" },
  { argv: "one --color bad", line: '--color needs a good one, not "bad"' },
];

for (const { argv, line } of refused) {
  test(`"${argv}" is refused: ${line}`, () => {
    const words = argv.split(" ").filter((word) => word !== "");
    assert.deepEqual(parseFlags({ flags, operands: operands.name }, words), { kind: "wrong", line });
  });
}

test("what stands behind -- is the command's, flags included", () => {
  const argv = ["one", "--color", "blue", "--", "sh", "-c", "--no-wait", "--", "--help"];
  const parsed = parseFlags({ flags, operands: operands.nameAndCommandLine }, argv);
  assert.equal(parsed.kind, "asked");
  assert.deepEqual(parsed.kind === "asked" && parsed.asked.commandLine, argv.slice(4));
});

test("a command line that is missing or stands before -- is named", () => {
  const definition = { flags, operands: operands.nameAndCommandLine };
  assert.deepEqual(parseFlags(definition, ["one"]), {
    kind: "wrong",
    line: "the command to run is missing; it stands behind --",
  });
  assert.deepEqual(parseFlags(definition, ["one", "sh"]), {
    kind: "wrong",
    line: 'unexpected argument "sh"; the command to run stands behind --',
  });
});
