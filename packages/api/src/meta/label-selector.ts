import { message, type ValueOf } from "../schema.ts";

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** One condition on one label, as it stands inside an object. */
export const labelSelectorRequirement = message({
  name: "LabelSelectorRequirement",
  package: metaPackage,
  description: "A condition that a label has to meet.",
  fields: [
    {
      name: "key",
      number: 1,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "Name of the label.",
    },
    {
      name: "operator",
      number: 2,
      type: "string",
      errorType: "v1.LabelSelectorOperator",
      presence: "always",
      required: true,
      default: "",
      description: "In, NotIn, Exists or DoesNotExist.",
    },
    {
      name: "values",
      number: 3,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The values for In and NotIn; none for the others.",
    },
  ],
});

/** A selector as it stands inside an object. */
export const labelSelector = message({
  name: "LabelSelector",
  package: metaPackage,
  description:
    "Selects objects by their labels: all conditions must hold, and the empty selector selects all.",
  fields: [
    {
      name: "matchLabels",
      number: 1,
      type: "string",
      container: "map",
      presence: "value",
      description: "Labels with the values that they must have.",
    },
    {
      name: "matchExpressions",
      number: 2,
      type: labelSelectorRequirement,
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "Further conditions.",
    },
  ],
});

export type LabelSelectorValue = ValueOf<typeof labelSelector>;
