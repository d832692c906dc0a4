/** Every column with its kind and role, changed in place. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import { type ColumnPatch, changeDataset, type Dataset, type Description } from "../api";
import { Button, ErrorNotice, formatCount, Input, Section } from "../ui";
import { ColumnRow } from "./ColumnRow";

/** Rows drawn at first: a table may have thousands of columns. */
const FIRST = 100;

export interface ColumnsProps {
  dataset: Dataset;
  description: Description;
}

/** Every column with its kind and role, which can be changed in place. */
export function Columns({ dataset, description }: ColumnsProps) {
  const client = useQueryClient();
  const [search, setSearch] = useState("");
  const [limit, setLimit] = useState(FIRST);
  const columns = description.columns ?? [];
  const change = useMutation({
    mutationFn: (patches: ColumnPatch[]) =>
      changeDataset({ path: { dataset_id: dataset.id }, body: { columns: patches } }),
    onSuccess: (changed) => {
      client.setQueryData(["dataset", dataset.id], changed);
      return client.invalidateQueries({ queryKey: ["datasets"] });
    },
  });
  const target = columns.find((column) => column.role === "target");

  const patch = (wanted: ColumnPatch) => {
    const patches = [wanted];
    // A table has one target: the one before becomes an input again.
    if (wanted.role === "target" && target && target.name !== wanted.name) {
      patches.unshift({ name: target.name, role: "input" });
    }
    change.mutate(patches);
  };

  const correlated = columns.some((column) => column.correlation != null);
  const words = search.trim().toLowerCase();
  const shown = columns.filter((column) => column.name.toLowerCase().includes(words));
  return (
    <Section
      title="Columns"
      hint="Kinds and roles can be changed; the data stays as it is"
      actions={
        columns.length > 12 && (
          <div className="relative w-56">
            <Search
              className="pointer-events-none absolute top-2.5 left-2.5 size-3.5 text-ink-3"
              aria-hidden="true"
            />
            <Input
              type="search"
              aria-label="Find a column"
              placeholder="Find a column …"
              className="pl-8"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </div>
        )
      }
    >
      {change.error && (
        <div className="mb-3">
          <ErrorNotice error={change.error} title="The column was not changed" />
        </div>
      )}
      <div className="relative overflow-x-auto rounded-xl border border-line bg-panel shadow-1">
        <table className="w-full min-w-[52rem] text-left">
          <thead>
            <tr className="border-b border-line text-xs text-ink-2 [&>th]:px-3 [&>th]:py-2 [&>th]:font-semibold">
              <th scope="col">Column</th>
              <th scope="col">Kind</th>
              <th scope="col">Role</th>
              <th scope="col">Distribution</th>
              <th scope="col">Values</th>
              <th scope="col" className="text-right">
                Missing
              </th>
              {correlated && (
                <th scope="col" className="text-right">
                  Correlation
                  <span className="block font-normal whitespace-nowrap text-ink-3">
                    with {target?.name}
                  </span>
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
                correlated={correlated}
                busy={change.isPending && change.variables.some(({ name }) => name === column.name)}
                onChange={patch}
              />
            ))}
            {shown.length === 0 && (
              <tr>
                <td colSpan={7} className="px-4 py-6 text-center text-ink-2">
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
