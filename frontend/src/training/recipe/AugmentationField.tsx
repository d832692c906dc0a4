/** What is done to training images, one after another, and how that looks on the user's own. */
import { ArrowUp, Settings2, X } from "lucide-react";
import { useId, useState } from "react";
import type { Catalog, Objective } from "../../api";
import { IconButton, ReadMore, Select } from "../../ui";
import { SchemaForm } from "../../ui/SchemaForm";
import { AugmentationPreview } from "./AugmentationPreview";
import { ownParams, withParam } from "./choices";
import { ProblemNote } from "./ProblemNote";
import { type RecipeProblem, within } from "./problems";
import { RecipeField, type RecipeFieldProps } from "./RecipeField";

type AugmentationType = Catalog["augmentations"][number];

export interface AugmentationFieldProps
  extends Omit<RecipeFieldProps, "label" | "htmlFor" | "reason" | "children"> {
  datasetId: string;
  /** Small images are drawn pixel by pixel. */
  pixels: boolean;
  types: readonly AugmentationType[];
  chosen: readonly Objective[];
  problems: readonly RecipeProblem[];
  onChange(augmentation: Objective[]): void;
}

export function AugmentationField(props: AugmentationFieldProps) {
  const { datasetId, pixels, types, chosen, problems, onChange, error, ...field } = props;
  const id = useId();
  const [opened, setOpened] = useState<number | null>(null);
  const inner = problems.some(({ path }) => path[0] === "augmentation" && path.length > 1);
  const earlier = (index: number) =>
    onChange(
      chosen.map((each, place) =>
        place === index - 1
          ? (chosen[index] as Objective)
          : place === index
            ? (chosen[index - 1] as Objective)
            : each,
      ),
    );
  return (
    <RecipeField
      {...field}
      label="Augmentation"
      htmlFor={id}
      error={inner ? null : error}
      reason="Images are learnt as they are. A few changes at random make more of few images."
    >
      {chosen.length > 0 && (
        <ol className="grid gap-1.5">
          {chosen.map((entry, index) => (
            <AugmentationRow
              // The same one may be there twice; what tells them apart is their place.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              key={`${entry.type} ${index}`}
              entry={entry}
              first={index === 0}
              type={types.find((each) => each.type === entry.type)}
              open={opened === index}
              problems={within(problems, "augmentation", index)}
              onOpen={(open) => setOpened(open ? index : null)}
              onChange={(next) =>
                onChange(chosen.map((each, place) => (place === index ? next : each)))
              }
              onEarlier={() => {
                setOpened(null);
                earlier(index);
              }}
              onRemove={() => {
                setOpened(null);
                onChange(chosen.filter((_, place) => place !== index));
              }}
            />
          ))}
        </ol>
      )}
      <Select
        id={id}
        value={undefined}
        placeholder={chosen.length > 0 ? "Add another change …" : "Add a change …"}
        onChange={(type) => onChange([...chosen, { type }])}
        options={types.map((type) => ({
          value: type.type,
          label: type.title,
          hint: type.summary,
        }))}
      />
      {chosen.length > 0 && !inner && (
        <AugmentationPreview datasetId={datasetId} augmentation={chosen} pixels={pixels} />
      )}
    </RecipeField>
  );
}

interface AugmentationRowProps {
  entry: Objective;
  first: boolean;
  type: AugmentationType | undefined;
  open: boolean;
  problems: readonly RecipeProblem[];
  onOpen(open: boolean): void;
  onChange(entry: Objective): void;
  onEarlier(): void;
  onRemove(): void;
}

function AugmentationRow(props: AugmentationRowProps) {
  const { entry, first, type, open, problems, onOpen, onChange, onEarlier, onRemove } = props;
  const id = useId();
  const title = type?.title ?? entry.type;
  const own = ownParams(entry, type?.params);
  const shown = Object.entries(own).map(([param, value]) => `${param} ${String(value)}`);
  return (
    <li className="rounded-lg bg-sunken px-3 py-1.5">
      <div className="flex items-center gap-1">
        <span className="min-w-0 flex-1" title={type?.summary}>
          {title}
          {shown.length > 0 && <span className="text-xs text-ink-2"> {shown.join(", ")}</span>}
        </span>
        {!first && (
          <IconButton
            label={`Do ${title} earlier`}
            icon={<ArrowUp />}
            size="sm"
            onClick={onEarlier}
          />
        )}
        <IconButton
          label={`Settings of ${title}`}
          icon={<Settings2 />}
          size="sm"
          aria-expanded={open}
          onClick={() => onOpen(!open)}
        />
        <IconButton label={`Leave ${title} out`} icon={<X />} size="sm" onClick={onRemove} />
      </div>
      {problems
        .filter(({ path }) => path.length === 0 || path[0] === "type" || !open)
        .map((problem) => (
          <ProblemNote key={problem.message} problem={problem} />
        ))}
      {open && type && (
        <div className="grid gap-2.5 py-1.5">
          <p className="text-xs text-ink-2">
            {type.summary} <ReadMore kind="augmentations" type={type.type} title={type.title} />
          </p>
          <SchemaForm
            schema={type.params}
            values={own}
            onChange={(param, value) => onChange(withParam(type.type, own, param, value))}
            problems={problems}
            idPrefix={`augmentation-${id}`}
          />
        </div>
      )}
    </li>
  );
}
