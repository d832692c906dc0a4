/** Every column with its kind and role, changed in place. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ColumnPatch, Dataset, Description } from "../api";
import { catalogQuery } from "../api/queries";
import { Button, ErrorNotice, formatCount, SearchInput, Section, Tooltip } from "../ui";
import { ColumnRow } from "./ColumnRow";
import { type Choice, FURTHER } from "./kinds";
import { TreatmentDialog } from "./TreatmentDialog";
import { isTreated, treatmentInWords } from "./treatment";
import { useColumnChange } from "./useColumnChange";

/** Rows drawn at first: a table may have thousands of columns. */
const FIRST = 100;

export interface ColumnsProps {
  dataset: Dataset;
  description: Description;
}

/** Every column with its kind and role, which can be changed in place. */
export function Columns({ dataset, description }: ColumnsProps) {
  const [search, setSearch] = useState("");
  const [limit, setLimit] = useState(FIRST);
  const [treating, setTreating] = useState<string | null>(null);
  const { data: catalog } = useQuery(catalogQuery());
  const options = catalog?.treatments ?? [];
  const columns = description.columns ?? [];
  const treatedNow = columns.find(({ name }) => name === treating);
  const change = useColumnChange(dataset.id, () => setTreating(null));
  const targets = columns.filter((column) => column.role === "target");
  const target = columns.find(({ name }) => name === description.problem?.target);

  const setRole = (name: string, role: Choice) => {
    const others = targets.filter((column) => column.name !== name).map((column) => column.name);
    if (role === FURTHER) {
      change.mutate([...others, name].map((each) => ({ name: each, role: "target" })));
      return;
    }
    // A target replaces those that are there, which become inputs again.
    const before: ColumnPatch[] =
      role === "target" ? others.map((each) => ({ name: each, role: "input" })) : [];
    change.mutate([...before, { name, role }]);
  };

  const informed = columns.some((column) => column.information != null);
  const words = search.trim().toLowerCase();
  const shown = columns.filter((column) => column.name.toLowerCase().includes(words));
  return (
    <Section
      title="Columns"
      hint="Kinds, roles and preparation can be changed; the data stays as it is"
      actions={
        columns.length > 12 && (
          <SearchInput
            className="w-56"
            label="Find a column"
            placeholder="Find a column …"
            value={search}
            onChange={setSearch}
          />
        )
      }
    >
      {treatedNow && (
        <TreatmentDialog
          key={treatedNow.name}
          column={treatedNow}
          saving={change.isPending}
          error={change.error}
          onSave={(patch) => change.mutate([patch])}
          onClose={() => {
            setTreating(null);
            change.reset();
          }}
        />
      )}
      {change.error && !treatedNow && (
        <div className="mb-3">
          <ErrorNotice error={change.error} title="The column was not changed" />
        </div>
      )}
      <div className="relative overflow-x-auto rounded-xl border border-line bg-panel shadow-1">
        <table className="w-full min-w-[54rem] text-left">
          <thead>
            <tr className="border-b border-line text-xs text-ink-2 [&>th]:px-2 [&>th]:py-2 xl:[&>th]:px-3 [&>th]:font-semibold">
              <th scope="col">Column</th>
              <th scope="col">Kind</th>
              <th scope="col">Role</th>
              <th scope="col">As an input</th>
              <th scope="col">Distribution</th>
              <th scope="col">Values</th>
              <th scope="col" className="text-right">
                Missing
              </th>
              {informed && (
                <th scope="col" className="text-right">
                  <Tooltip content="How much of the target's uncertainty the column takes away by itself: their mutual information. r is Pearson's correlation.">
                    <span>Tells of {target?.name}</span>
                  </Tooltip>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, limit).map((column) => (
              <ColumnRow
                key={column.name}
                column={column}
                rows={description.rows}
                informed={informed}
                busy={change.isPending && change.variables.some(({ name }) => name === column.name)}
                treatment={column.role === "input" ? treatmentInWords(column, options) : null}
                treated={isTreated(column)}
                targetElsewhere={targets.some(({ name }) => name !== column.name)}
                onChange={(patch) => change.mutate([patch])}
                onRole={(role) => setRole(column.name, role)}
                onTreat={() => {
                  change.reset();
                  setTreating(column.name);
                }}
              />
            ))}
            {shown.length === 0 && (
              <tr>
                <td colSpan={8} className="px-4 py-6 text-center text-ink-2">
                  No column has “{search.trim()}” in its name.
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {shown.length > limit && (
        <div className="mt-3 flex justify-center">
          <Button onClick={() => setLimit(limit + FIRST)}>
            Show {formatCount(Math.min(FIRST, shown.length - limit))} more of{" "}
            {formatCount(shown.length - limit)} columns
          </Button>
        </div>
      )}
    </Section>
  );
}
