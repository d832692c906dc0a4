/** A loss, an optimizer or a schedule: which one, what it computes, and its parameters. */
import { useId } from "react";
import type { Catalog, Objective } from "../../api";
import { ReadMore, Select } from "../../ui";
import { SchemaForm } from "../../ui/SchemaForm";
import { ownParams, withParam } from "./choices";
import { FixButton } from "./ProblemNote";
import { problemOf, type RecipeProblem } from "./problems";
import { RecipeField } from "./RecipeField";

type ObjectiveType = Catalog["losses"][number];

const NONE = "none";
/** The catalogue's list of each. */
const LISTS = { loss: "losses", optimizer: "optimizers", schedule: "schedules" } as const;

export interface ObjectiveFieldProps {
  label: string;
  field: "loss" | "optimizer" | "schedule";
  /** Those that suit the task. */
  types: readonly ObjectiveType[];
  chosen: Objective | null | undefined;
  shown: Objective | null | undefined;
  reason: string | null;
  problems: readonly RecipeProblem[];
  /** What its parameters choose from, by the names that their schema refers to. */
  lists?: Readonly<Record<string, unknown>>;
  /** What it means to have none, where that is possible. */
  none?: string;
  onChange(objective: Objective | null): void;
}

export function ObjectiveField(props: ObjectiveFieldProps) {
  const { label, field, types, chosen, shown, reason, problems, lists, none, onChange } = props;
  const id = useId();
  const type = types.find((each) => each.type === shown?.type);
  const own = ownParams(shown, type?.params);
  const inner = problems
    .filter(({ path }) => path[0] === field && path.length > 1 && path[1] !== "type")
    .map((problem) => ({ ...problem, path: problem.path.slice(1) }));
  return (
    <RecipeField
      label={label}
      htmlFor={id}
      reason={reason}
      changed={chosen != null}
      onReset={() => onChange(null)}
      error={inner.length > 0 ? null : problemOf(problems, field)}
    >
      <Select
        id={id}
        value={shown?.type ?? (none && NONE)}
        onChange={(next) => onChange(next === NONE ? null : { type: next })}
        options={[
          ...(none ? [{ value: NONE, label: none }] : []),
          ...types.map((each) => ({
            value: each.type,
            label: each.title,
            hint: each.summary,
            group: groupOf(each, types),
          })),
        ]}
      />
      {type && (
        <div className="grid gap-2.5 rounded-lg bg-sunken px-3 py-2.5">
          <p className="text-xs text-ink-2">
            {type.summary} <ReadMore kind={LISTS[field]} type={type.type} title={type.title} />
          </p>
          {type.formula && <p className="overflow-x-auto font-mono text-xs">{type.formula}</p>}
          <SchemaForm
            schema={type.params}
            values={own}
            onChange={(name, value) => onChange(withParam(type.type, own, name, value))}
            problems={inner}
            idPrefix={`${field}-${id}`}
            catalog={lists}
          />
          {inner.map(({ message, fix }) => (
            <FixButton key={message} fix={fix} />
          ))}
        </div>
      )}
    </RecipeField>
  );
}

/** What a choice is for, said only where some are for something else. */
function groupOf(type: ObjectiveType, types: readonly ObjectiveType[]): string | undefined {
  return new Set(types.map(targetOf)).size < 2 ? undefined : targetOf(type);
}

function targetOf({ tasks }: ObjectiveType): string {
  if (!tasks) return "For any target";
  return tasks.includes("regression") ? "For numbers" : "For classes";
}
