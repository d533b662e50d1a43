import assert from "node:assert/strict";
import { test } from "node:test";
import { compareSemanticVersions, parseSemanticVersion, zeroVersion } from "./semantic-version.ts";

test("only whole versions are versions", () => {
  const bad = [
    "",
    "1.36",
    "v1.36.0",
    "1.36.0.1",
    "01.36.0",
    "1.36.0-",
    "1.36.0-01",
    "1.36.0-a..b",
    "1.36.0+",
    "1.36.0+a+b",
    " 1.36.0",
    "18446744073709551616.0.0",
  ];
  for (const text of bad) assert.equal(parseSemanticVersion(text), undefined, text);
  for (const text of ["1.36.0", "0.0.0", "1.36.0-a.1-b+c.01"]) assert.ok(parseSemanticVersion(text), text);
});

test("a prerelease comes before its release, numbers before words, fewer parts before more", () => {
  const ordered = [
    "1.2.3-1",
    "1.2.3-2",
    "1.2.3-10",
    "1.2.3-a",
    "1.2.3-a.1",
    "1.2.3-b",
    "1.2.3",
    "1.2.10",
    "1.10.0",
  ];
  const versions = ordered.map((text) => parseSemanticVersion(text) ?? zeroVersion);
  for (const [index, version] of versions.entries()) {
    assert.equal(compareSemanticVersions(version, version), 0);
    const next = versions[index + 1];
    if (next === undefined) continue;
    assert.ok(compareSemanticVersions(version, next) < 0, `after ${ordered.slice(0, index + 1).join(", ")}`);
    assert.ok(compareSemanticVersions(next, version) > 0, `after ${ordered.slice(0, index + 1).join(", ")}`);
  }
});

test("what follows a plus sign takes no part in the order", () => {
  const built = parseSemanticVersion("0.0.0+build");
  assert.equal(built === undefined ? undefined : compareSemanticVersions(built, zeroVersion), 0);
});
