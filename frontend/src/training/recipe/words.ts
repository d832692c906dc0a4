/** The problem that a dataset and a target make, in words. */
import type { Description, Recipe } from "../../api";
import { formatCount, formatPlural, formatShape } from "../../ui";

/** "Sort rows into the 3 classes of “species” (setosa, …) by 4 columns." */
export function problemInWords(description: Description, recipe: Recipe): string | null {
  const { target, task, inputs } = recipe;
  if (description.kind === "images") {
    const classes = (description.classes ?? []).map((entry) => entry.name);
    const images = formatPlural(description.rows, "image");
    const shape = description.image;
    const size = shape ? formatShape([shape.channels, shape.height, shape.width]) : "";
    if (description.labels_per_image) {
      return `Find which of ${listed(classes, "label")} each of ${images} of ${size} has.`;
    }
    if (classes.length === 0) return `Predict the number that each of ${images} of ${size} has.`;
    return `Sort ${images} of ${size} into ${listed(classes)}.`;
  }
  if (!target) return null;
  const by = inputs ? ` by ${formatPlural(inputs.length, "column")}` : "";
  const steps = recipe.sequence === "none" ? null : recipe.sequence;
  if (steps && steps.kind !== "groups") {
    const ahead = formatPlural(steps.horizon ?? 1, "row");
    const seen = steps.window ? ` the ${formatPlural(steps.window, "row")} before` : " rows before";
    return `Forecast “${target}” ${ahead} ahead from${seen}${by}.`;
  }
  if (task === "classification") {
    const column = description.columns?.find((each) => each.name === target);
    return `Sort ${steps ? "groups of rows" : "rows"} into the classes of “${target}”: ${listed(column?.categories ?? [])}${by}.`;
  }
  return `Predict the number “${target}”${by}.`;
}

const SHOWN = 4;

function listed(classes: readonly string[], what: "class" | "label" = "class"): string {
  const count = formatPlural(classes.length, what, what === "class" ? "classes" : "labels");
  if (classes.length === 0) return count;
  const more = classes.length - SHOWN;
  const names = classes.slice(0, SHOWN).join(", ");
  return `${count} (${names}${more > 0 ? ` and ${formatCount(more)} more` : ""})`;
}
