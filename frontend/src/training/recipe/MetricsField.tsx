/** What is reported beside the loss: the chosen metrics with their parameters, and the rest to add. */
import { Settings2, X } from "lucide-react";
import { useId, useState } from "react";
import { IconButton, ReadMore, Select } from "../../ui";
import { SchemaForm } from "../../ui/SchemaForm";
import { ownParams } from "./choices";
import { type MetricEntry, type MetricType, metricLabel, metricType, withParams } from "./metrics";
import { ProblemNote } from "./ProblemNote";
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
  const id = useId();
  const [open, setOpen] = useState(problems.length > 0);
  const name = metricType(entry);
  const title = type?.title ?? name;
  const own = ownParams(typeof entry === "string" ? null : entry, type?.params);
  const shown = Object.entries(own).map(([param, value]) => `${param} ${String(value)}`);
  const adjustable = Object.keys((type?.params.properties ?? {}) as object).length > 0;
  const outer = problems.filter(({ path }) => path.length === 0 || path[0] === "type");
  return (
    <li className="rounded-lg bg-sunken px-3 py-1.5">
      <div className="flex items-center gap-1">
        <span className="min-w-0 flex-1" title={type?.summary}>
          {title}
          {shown.length > 0 && <span className="text-xs text-ink-2"> {shown.join(", ")}</span>}
        </span>
        {adjustable && (
          <IconButton
            label={`Settings of ${title}`}
            icon={<Settings2 />}
            size="sm"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          />
        )}
        <IconButton label={`Leave ${title} out`} icon={<X />} size="sm" onClick={onRemove} />
      </div>
      {outer.map((problem) => (
        <ProblemNote key={problem.message} problem={problem} />
      ))}
      {open && type && (
        <div className="grid gap-2.5 py-1.5">
          <p className="text-xs text-ink-2">
            {type.summary} <ReadMore kind="metrics" type={type.type} title={type.title} />
          </p>
          <SchemaForm
            schema={type.params}
            values={own}
            onChange={(param, value) => {
              const { [param]: _, ...rest } = own;
              const next = value === undefined ? rest : { ...rest, [param]: value };
              const params = ownParams({ type: name, ...next }, type.params);
              onChange(withParams(name, params));
            }}
            problems={problems}
            idPrefix={`metric-${id}`}
          />
        </div>
      )}
    </li>
  );
}
