/** What is reported beside the loss: the chosen metrics with their parameters, and the rest to add. */
import { useId, useState } from "react";
import { Select } from "../../ui";
import { ChosenRow } from "./ChosenRow";
import { ownParams, withParam } from "./choices";
import { type MetricEntry, type MetricType, metricLabel, metricType, withParams } from "./metrics";
import { type RecipeProblem, within } from "./problems";
import { RecipeField, type RecipeFieldProps } from "./RecipeField";

export interface MetricsFieldProps
  extends Omit<RecipeFieldProps, "label" | "htmlFor" | "error" | "children"> {
  /** Those that suit the task. */
  types: readonly MetricType[];
  chosen: readonly MetricEntry[];
  problems: readonly RecipeProblem[];
  onChange(metrics: MetricEntry[]): void;
}

export function MetricsField(props: MetricsFieldProps) {
  const { types, chosen, problems, onChange, ...field } = props;
  const id = useId();
  const labels = chosen.map((entry) => metricLabel(entry, types));
  // Two of a kind differ in their parameters; one without any can be there only once.
  const more = types.filter((type) => !labels.includes(type.type));
  const order = chosen.map(metricType);
  const replace = (index: number, entry: MetricEntry) =>
    onChange(chosen.map((each, place) => (place === index ? entry : each)));
  return (
    <RecipeField {...field} label="Metrics" htmlFor={id} error={null}>
      <ul className="grid gap-1.5">
        {chosen.map((entry, index) => (
          <MetricRow
            // Its parameters may change while it is open.
            key={`${order[index]} ${order.slice(0, index).filter((name) => name === order[index]).length}`}
            entry={entry}
            type={types.find((each) => each.type === metricType(entry))}
            problems={within(problems, "metrics", index)}
            onChange={(next) => replace(index, next)}
            onRemove={() => onChange(chosen.filter((_, place) => place !== index))}
          />
        ))}
      </ul>
      <Select
        id={id}
        value={undefined}
        placeholder="Add a metric …"
        onChange={(type) => onChange([...chosen, type])}
        options={more.map((type) => ({
          value: type.type,
          label: type.title,
          hint: type.summary,
        }))}
      />
    </RecipeField>
  );
}

interface MetricRowProps {
  entry: MetricEntry;
  type: MetricType | undefined;
  problems: readonly RecipeProblem[];
  onChange(entry: MetricEntry): void;
  onRemove(): void;
}

function MetricRow({ entry, type, problems, onChange, onRemove }: MetricRowProps) {
  const [open, setOpen] = useState(problems.length > 0);
  const name = metricType(entry);
  const own = ownParams(typeof entry === "string" ? null : entry, type?.params);
  return (
    <ChosenRow
      kind="metrics"
      name={name}
      type={type}
      own={own}
      open={open}
      problems={problems}
      onOpen={setOpen}
      onParam={(param, value) => {
        const params = ownParams(withParam(name, own, param, value), type?.params);
        onChange(withParams(name, params));
      }}
      onRemove={onRemove}
    />
  );
}
