/** A model's answer in words. */
import type { Prediction } from "../../api";
import { formatNumber } from "../../ui";

/** A number with the digits that matter, a class, or the labels that are said. */
export function answerInWords(value: Prediction["value"]): string {
  if (typeof value === "number") return formatNumber(value, 5);
  if (!Array.isArray(value)) return value;
  return value.length > 0 ? value.join(", ") : "no label";
}
