// Quiet where all is well: failures in full as they come, a line for each file, and one closing line to quote.

import { basename, relative } from "node:path";

export default async function* report(source) {
  const failed = [];
  let summary;
  for await (const event of source) {
    if (event.type === "test:fail" && !isSuite(event.data)) {
      failed.push(event.data.name);
      yield describe(event.data);
    }
    if (event.type === "test:stderr" || event.type === "test:stdout") yield event.data.message;
    if (event.type === "test:summary" && event.data.file !== undefined) yield fileLine(event.data);
    if (event.type === "test:summary" && event.data.file === undefined) summary = event.data;
  }
  for (const name of failed) yield `FAILED ${name}\n`;
  if (summary !== undefined) yield closingLine(summary);
}

function isSuite(data) {
  return data.details?.error?.failureType === "subtestsFailed";
}

function describe(data) {
  const cause = data.details?.error?.cause ?? data.details?.error;
  const text = cause?.stack ?? cause?.message ?? String(cause);
  const place = data.file === undefined ? "" : `  ${relative(process.cwd(), data.file)}:${data.line}\n`;
  return `\nFAILED ${data.name}\n${place}${indent(String(text))}\n\n`;
}

function indent(text) {
  return text.replaceAll(/^/gm, "    ");
}

function fileLine({ file, counts, duration_ms: durationMs }) {
  const name = relative(process.cwd(), file) || basename(file);
  const state = counts.failed > 0 ? "FAILED" : "ok";
  return `${state} ${name}: ${counts.passed} passed${others(counts)} in ${seconds(durationMs)}\n`;
}

/** The last line is for whoever reads no further, a program perhaps. */
function closingLine({ counts, duration_ms: durationMs }) {
  const skipped = counts.skipped + counts.todo > 0 ? `, ${counts.skipped + counts.todo} skipped` : "";
  const failed = counts.failed + counts.cancelled;
  return `all in ${seconds(durationMs)}\ntests: ${counts.passed} passed, ${failed} failed${skipped}\n`;
}

function others({ failed, cancelled, skipped, todo }) {
  return Object.entries({ failed, cancelled, skipped, todo })
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `, ${count} ${state}`)
    .join("");
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
