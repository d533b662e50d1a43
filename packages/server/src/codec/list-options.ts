import {
  parseFieldSelector,
  parseFieldTerms,
  parseLabelSelector,
  statusErrors,
  validateListOptions,
  type Kind,
  type LabelSelector,
} from "@leasehold/api";
import { everything, type Selection } from "../registry/selection.ts";
import { refuseOptions } from "./options.ts";
import { flagParameter, integerParameter, textParameter, type Query } from "./query.ts";

/** What the parameters of a list or watch say. */
export interface ListOptions {
  readonly selection: Selection;
  readonly watch: boolean;
  readonly allowBookmarks: boolean;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: "" | "Exact" | "NotOlderThan";
  /** Negative: it is over before it begins. */
  readonly timeoutSeconds: number | undefined;
  /** 0: no limit. */
  readonly limit: number;
  readonly continueToken: string;
  readonly sendInitialEvents: boolean | undefined;
}

/** Reads and checks the parameters of a list or watch. `name` is set where the path names one object. */
export function listOptions(kind: Kind, query: Query, name: string | undefined): ListOptions {
  const timeout = integer(query, "timeoutSeconds");
  const limit = integer(query, "limit");
  const stated = {
    watch: flagParameter(query, "watch") ?? false,
    allowBookmarks: flagParameter(query, "allowWatchBookmarks") ?? false,
    resourceVersion: textParameter(query, "resourceVersion"),
    resourceVersionMatch: textParameter(query, "resourceVersionMatch"),
    continueToken: textParameter(query, "continue"),
    sendInitialEvents: flagParameter(query, "sendInitialEvents"),
  };
  const selectors = selectorsIn(query);
  const options = withWatchDefaults(stated);
  refuseOptions("ListOptions", validateListOptions({ ...options, continue: options.continueToken }));
  // Only now does it matter which fields the kind has.
  const selection = selectionOf(kind, { ...selectors, name });
  return {
    ...options,
    resourceVersionMatch: matchOf(options.resourceVersionMatch),
    selection,
    timeoutSeconds: timeout === undefined ? undefined : asDuration(timeout),
    limit: Number(limit ?? 0n),
  };
}

interface StatedOptions {
  readonly watch: boolean;
  readonly allowBookmarks: boolean;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly continueToken: string;
  readonly sendInitialEvents: boolean | undefined;
}

/** A watch from nowhere in particular has always begun with the present state, long before one could ask for it. */
function withWatchDefaults(options: StatedOptions): StatedOptions {
  const { watch, resourceVersion, resourceVersionMatch, sendInitialEvents } = options;
  const isSaid = sendInitialEvents !== undefined || resourceVersionMatch !== "";
  if (!watch || isSaid || (resourceVersion !== "" && resourceVersion !== "0")) return options;
  return { ...options, sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" };
}

function matchOf(text: string): ListOptions["resourceVersionMatch"] {
  return text === "Exact" || text === "NotOlderThan" ? text : "";
}

/** Go counts durations in nanoseconds of 64 bits: what is too large for that wraps around, and may end in the past. */
function asDuration(seconds: bigint): number {
  return Number(BigInt.asIntN(64, seconds * nanosecondsPerSecond) / nanosecondsPerSecond);
}

const nanosecondsPerSecond = 1_000_000_000n;

function integer(query: Query, name: string): bigint | undefined {
  const parameter = integerParameter(query, name);
  if (parameter.kind === "malformed") throw statusErrors.badRequest(parameter.message);
  return parameter.kind === "integer" ? parameter.value : undefined;
}

interface Selectors {
  /** Undefined when none is stated. */
  readonly labels: LabelSelector | undefined;
  readonly fieldText: string;
}

/** The selectors, refused when they make no sense for any kind. */
function selectorsIn(query: Query): Selectors {
  const labelText = textParameter(query, "labelSelector");
  const fieldText = textParameter(query, "fieldSelector");
  const labels = labelText === "" ? undefined : parseLabelSelector(labelText);
  if (fieldText !== "") parseFieldTerms(fieldText);
  return { labels, fieldText };
}

interface SelectionParts extends Selectors {
  readonly name: string | undefined;
}

function selectionOf(kind: Kind, { labels, fieldText, name }: SelectionParts): Selection {
  if (labels === undefined && fieldText === "") return name === undefined ? everything : onlyNamed(name);
  const fields = parseFieldSelector(fieldText, kind);
  if (name !== undefined && fieldText !== "" && fields.exactValue("metadata.name") !== name) {
    throw statusErrors.badRequest("fieldSelector metadata.name doesn't match requested name");
  }
  return {
    everything: false,
    name: name ?? fields.exactValue("metadata.name"),
    namespace: fields.exactValue("metadata.namespace"),
    matches: (object) =>
      (name === undefined || object.metadata.name === name) &&
      (labels === undefined || labels.matches(object)) &&
      fields.matches(object),
  };
}

function onlyNamed(name: string): Selection {
  return {
    everything: false,
    name,
    namespace: undefined,
    matches: (object) => object.metadata.name === name,
  };
}
