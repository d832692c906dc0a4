/** The Outputs of a run or a proposal, and which of them a value belongs to. */
import type { Catalog, Run } from "../api";
import { formatNumber } from "../ui";

export type RunOutput = NonNullable<Run["outputs"]>[number];

/** Those of a network with several; none where there is only one. */
export function severalOutputs(outputs: readonly RunOutput[] | undefined): readonly RunOutput[] {
  return outputs && outputs.length > 1 ? outputs : [];
}

/** "kind_accuracy" → the Output "kind" and "accuracy"; the longest id that fits is meant. */
export function splitOutput(
  name: string,
  outputs: readonly RunOutput[],
): { output: RunOutput | null; own: string } {
  const fitting = outputs.filter(({ node }) => name.startsWith(`${node}_`));
  const output = fitting.sort((a, b) => b.node.length - a.node.length)[0] ?? null;
  return { output, own: output ? name.slice(output.node.length + 1) : name };
}

/** The names of all values, the whole loss first. */
export function valuesOf(outputs: readonly RunOutput[]): string[] {
  return outputs.flatMap(({ node, metrics }) => [`${node}_loss`, ...metrics]);
}

/** "Cross entropy × 0.5" */
export function lossInWords(output: RunOutput, catalog: Catalog | undefined): string {
  const type = output.loss.type;
  const title = catalog?.losses.find((entry) => entry.type === type)?.title ?? type;
  return output.loss_weight === 1 ? title : `${title} × ${formatNumber(output.loss_weight)}`;
}
