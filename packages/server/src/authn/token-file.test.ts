import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { StartError } from "../start-error.ts";
import { readTokenFile } from "./token-file.ts";

const directory = mkdtempSync(join(tmpdir(), "leasehold-tokens-"));
after(() => rmSync(directory, { recursive: true }));

const users: readonly {
  readonly title: string;
  readonly text: string;
  readonly are: Readonly<Record<string, string>>;
}[] = [
  { title: "three columns are a user without groups", text: "t,ann,1\n", are: { t: "ann/1/[]" } },
  {
    title: "a quoted column holds several groups",
    text: 't,ann,1,"g1,g2"\n',
    are: { t: 'ann/1/["g1","g2"]' },
  },
  { title: "an unquoted column holds one", text: "t,ann,1,g1\n", are: { t: 'ann/1/["g1"]' } },
  { title: "an empty column is one group without a name", text: "t,ann,1,\n", are: { t: 'ann/1/[""]' } },
  { title: "columns after the groups do not count", text: "t,ann,1,g1,g2\n", are: { t: 'ann/1/["g1"]' } },
  {
    title: "empty lines and a missing last line end do not count",
    text: "\n\nt,ann,1\n\nu,ben,2",
    are: { t: "ann/1/[]", u: "ben/2/[]" },
  },
  {
    title: "lines may end as on Windows",
    text: "t,ann,1\r\nu,ben,2\r\n",
    are: { t: "ann/1/[]", u: "ben/2/[]" },
  },
  { title: "spaces belong to their column", text: "t, ann ,1\n", are: { t: " ann /1/[]" } },
  { title: "a doubled quote in quotes is one", text: '"t""x","a\nb",1\n', are: { 't"x': "a\nb/1/[]" } },
  { title: "the last of two equal tokens counts", text: "t,ann,1\nt,ben,2\n", are: { t: "ben/2/[]" } },
  { title: "a line without a token is passed over", text: ",ann,1\nt,ben,2\n", are: { t: "ben/2/[]" } },
  { title: "a token is compared by its bytes", text: "tökén,ann,1\n", are: { "tÃ¶kÃ©n": "ann/1/[]" } },
  { title: "an empty file names nobody", text: "", are: {} },
];

for (const { title, text, are } of users) {
  test(title, () => {
    const found = [...readTokenFile(write(text)).users].map(([token, { name, uid, groups }]) => [
      token,
      `${name}/${uid}/${JSON.stringify(groups)}`,
    ]);
    assert.deepEqual(Object.fromEntries(found), are);
  });
}

const refusals: readonly { readonly title: string; readonly text: string; readonly says: RegExp }[] = [
  {
    title: "two columns are too few",
    text: "t,ann\n",
    says: /line 1: needs token, user name and uid, found 2 columns$/,
  },
  {
    title: "a quoted nothing is one column",
    text: 'u,ben,2\n""\n',
    says: /line 2: needs .* found 1 columns$/,
  },
  { title: "a quote may not stand in a plain field", text: 't,a"nn,1\n', says: /line 1: a quote in a field/ },
  {
    title: "a quoted field ends with its quote",
    text: 't,"ann"x,1\n',
    says: /line 1: a quote in a quoted field/,
  },
  {
    title: "a quoted field needs an end",
    text: 'u,ben,2\nt,"ann,1\n',
    says: /line 2: a quoted field without/,
  },
  { title: "lines inside quotes count", text: 't,"a\nb",1\nt,a"nn,1\n', says: /line 3: / },
];

for (const { title, text, says } of refusals) {
  test(title, () => {
    const path = write(text);
    assert.throws(
      () => readTokenFile(path),
      (error) => error instanceof StartError && says.test(error.message),
    );
  });
}

test("what is passed over or overruled is told with its line", () => {
  const { warnings } = readTokenFile(write(",ann,1\nt,ben,2\nt,cay,3\n"));
  assert.deepEqual(
    warnings.map((warning) => warning.replace(/^.*, line/, "line")),
    [
      "line 1: the token is empty, the line is passed over",
      "line 3: the token stands on an earlier line too, this one counts",
    ],
  );
});

test("a file that cannot be read is named", () => {
  assert.throws(() => readTokenFile(join(directory, "absent")), /cannot read .*absent: ENOENT/);
});

function write(text: string): string {
  const path = join(directory, "tokens.csv");
  writeFileSync(path, text);
  return path;
}
