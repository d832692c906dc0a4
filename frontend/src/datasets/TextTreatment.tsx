/** How many tokens of a text are told apart, how many enter, and whether capitals count. */
import { useId } from "react";
import type { Column, Treatment } from "../api";
import { Field, formatCount, NumberInput, Switch } from "../ui";

export interface TextTreatmentProps {
  column: Column;
  draft: Treatment;
  onChange: (change: Treatment) => void;
}

/** The vocabulary, the length and the letters of a text; an empty field is as proposed. */
export function TextTreatment({ column, draft, onChange }: TextTreatmentProps) {
  const id = useId();
  const used = column.treatment_in_full;
  const known = column.text;
  return (
    <>
      <Field
        label="Vocabulary"
        hint={`Tokens that are told apart, the most frequent ones; 0 is padding and 1 what is unknown.${
          known ? ` There are ${formatCount(known.vocabulary)} different words, ` : ""
        }${known ? `${formatCount(known.returning)} of them more than once.` : ""}`}
        htmlFor={`${id}tokens`}
        changed={draft.max_tokens != null}
      >
        <NumberInput
          id={`${id}tokens`}
          value={draft.max_tokens ?? null}
          min={3}
          max={100_000}
          placeholder={proposed(column.treatment?.max_tokens, used?.max_tokens)}
          onChange={(max_tokens) => onChange({ max_tokens })}
        />
      </Field>
      <Field
        label="Length"
        hint={`Tokens of each text that enter: longer ones are cut at the end, shorter ones padded.${
          known ? ` 95% of the texts have at most ${formatCount(known.words.most)} words.` : ""
        }`}
        htmlFor={`${id}length`}
        changed={draft.output_sequence_length != null}
      >
        <NumberInput
          id={`${id}length`}
          value={draft.output_sequence_length ?? null}
          min={1}
          max={1_000}
          placeholder={proposed(
            column.treatment?.output_sequence_length,
            used?.output_sequence_length,
          )}
          onChange={(output_sequence_length) => onChange({ output_sequence_length })}
        />
      </Field>
      <Field
        label="Small letters"
        hint="“The” and “the” are the same word."
        htmlFor={`${id}lowercase`}
        changed={draft.lowercase != null}
      >
        <Switch
          id={`${id}lowercase`}
          checked={draft.lowercase ?? true}
          onChange={(on) => onChange({ lowercase: on ? null : false })}
        />
      </Field>
    </>
  );
}

/** What stands in an empty field. What was chosen before hides what is proposed. */
function proposed(chosen: number | null | undefined, used: number | null | undefined): string {
  return chosen == null && used != null ? `As proposed: ${formatCount(used)}` : "As proposed";
}
