/** What is done to training images, one after another, and how that looks on the user's own. */
import { ArrowUp } from "lucide-react";
import { useId, useState } from "react";
import type { Catalog, Objective } from "../../api";
import { IconButton, Select } from "../../ui";
import { AugmentationPreview } from "./AugmentationPreview";
import { ChosenRow } from "./ChosenRow";
import { ownParams, withParam } from "./choices";
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
  const own = ownParams(entry, type?.params);
  return (
    <ChosenRow
      kind="augmentations"
      name={entry.type}
      type={type}
      own={own}
      open={open}
      problems={problems}
      onOpen={onOpen}
      onParam={(param, value) => onChange(withParam(entry.type, own, param, value))}
      onRemove={onRemove}
    >
      {!first && (
        <IconButton
          label={`Do ${type?.title ?? entry.type} earlier`}
          icon={<ArrowUp />}
          size="sm"
          onClick={onEarlier}
        />
      )}
    </ChosenRow>
  );
}
