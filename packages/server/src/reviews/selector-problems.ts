import {
  parseFieldTerms,
  parseLabelRequirements,
  type ResourceAttributes,
  StatusError,
} from "@leasehold/api";

type SelectorSpec = NonNullable<ResourceAttributes["fieldSelector"] | ResourceAttributes["labelSelector"]>;
type RequirementSpec = NonNullable<SelectorSpec["requirements"]>[number];

/**
 * A sentence for each selector that could not be understood in whole. RBAC pays no heed to selectors: what they narrow is allowed as a
 * whole or not at all.
 */
export function selectorProblems({
  fieldSelector,
  labelSelector,
}: Pick<ResourceAttributes, "fieldSelector" | "labelSelector">): readonly string[] {
  return [
    problemOf("fieldSelector", fieldSelector, { isRaw: isFieldSelector, isRequirement: isFieldRequirement }),
    problemOf("labelSelector", labelSelector, { isRaw: isLabelSelector, isRequirement: isLabelRequirement }),
  ].filter((problem) => problem !== undefined);
}

interface Reader {
  readonly isRaw: (text: string) => boolean;
  readonly isRequirement: (requirement: RequirementSpec) => boolean;
}

function problemOf(name: string, selector: SelectorSpec | undefined, reader: Reader): string | undefined {
  const { rawSelector = "", requirements = [] } = selector ?? {};
  const understood = requirements.filter(reader.isRequirement).length;
  const isWhole = understood === requirements.length && (rawSelector === "" || reader.isRaw(rawSelector));
  if (isWhole) return undefined;
  return `spec.resourceAttributes.${name} ${understood > 0 ? "partially " : ""}ignored due to parse error`;
}

function isLabelSelector(text: string): boolean {
  return parseLabelRequirements(text).kind === "parsed";
}

function isFieldSelector(text: string): boolean {
  try {
    parseFieldTerms(text);
    return true;
  } catch (error) {
    if (error instanceof StatusError) return false;
    throw error;
  }
}

function isLabelRequirement({ operator }: RequirementSpec): boolean {
  return ["In", "NotIn", "Exists", "DoesNotExist"].includes(operator);
}

/** Field selectors know equal and unequal, so one value is all there can be. */
function isFieldRequirement({ operator, values = [] }: RequirementSpec): boolean {
  return values.length === 1 && ["In", "NotIn"].includes(operator);
}
