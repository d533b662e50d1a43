/** Why a text is no YAML that kube-apiserver takes, in its words without the `yaml: ` before them. */
export class YamlRefusal extends Error {}

/** A refusal by the scanner, which names lines from 1 on, but not the first. */
export function scannerRefusal(problem: string, line: number): YamlRefusal {
  return new YamlRefusal(line === 0 ? problem : `line ${line + 1}: ${problem}`);
}

/** A refusal by the parser, which names lines from 0 on, but not the first. */
export function parserRefusal(problem: string, line: number): YamlRefusal {
  return new YamlRefusal(line === 0 ? problem : `line ${line}: ${problem}`);
}
