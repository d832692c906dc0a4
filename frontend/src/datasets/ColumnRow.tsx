/** One column: kind, role, distribution, statistics. */
import { SlidersHorizontal } from "lucide-react";
import type { Column, ColumnPatch } from "../api";
import {
  Button,
  cx,
  formatCount,
  formatNumber,
  formatPercent,
  formatPlural,
  Select,
  Spinner,
  Tooltip,
} from "../ui";
import { Distribution } from "./Distribution";
import { type Choice, type Kind, kindOptions, roleOptions } from "./kinds";

export interface ColumnRowProps {
  column: Column;
  rows: number;
  /** Whether it is known how much the columns tell of the target. */
  informed: boolean;
  busy: boolean;
  /** How it enters a network, in words; null where it does not. */
  treatment: string | null;
  treated: boolean;
  /** Whether another column is a target. */
  targetElsewhere: boolean;
  onChange: (patch: ColumnPatch) => void;
  onRole: (role: Choice) => void;
  onTreat: () => void;
}

export function ColumnRow(props: ColumnRowProps) {
  const { column, rows, informed, busy, treatment, treated, targetElsewhere } = props;
  const { onChange, onRole, onTreat } = props;
  const { name, kind, role } = column;
  return (
    <tr
      className={cx(
        "border-b border-line last:border-0 [&>*]:px-2 [&>*]:py-2 xl:[&>*]:px-3",
        role === "target" && "bg-accent-soft",
      )}
    >
      <th scope="row" className="max-w-56 font-[550] break-words">
        {name}
        {busy && <Spinner className="ml-2 inline size-3.5 text-accent" />}
      </th>
      <td>
        <Tooltip content={column.kind_reason}>
          <span className="block w-28 xl:w-32">
            <Select
              label={`Kind of ${name}`}
              value={kind}
              options={kindOptions(kind)}
              disabled={busy}
              onChange={(value) => onChange({ name, kind: value as Kind })}
            />
          </span>
        </Tooltip>
      </td>
      <td>
        <span className="block w-24 xl:w-26">
          <Select
            label={`Role of ${name}`}
            value={role}
            options={roleOptions(role, targetElsewhere)}
            disabled={busy}
            onChange={(value) => onRole(value as Choice)}
          />
        </span>
      </td>
      <td>
        {treatment === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          <Button
            size="sm"
            variant="ghost"
            icon={<SlidersHorizontal />}
            aria-label={`How ${name} enters a network: ${treatment}`}
            disabled={busy}
            onClick={onTreat}
            className="-ml-2 h-auto! min-h-7 max-w-44 justify-start py-1 text-left whitespace-normal"
          >
            {treatment}
            {treated && (
              <span className="size-1.5 shrink-0 rounded-full bg-accent" title="Chosen by you" />
            )}
          </Button>
        )}
      </td>
      <td>
        <Distribution name={name} bins={column.distribution ?? []} />
      </td>
      <td className="min-w-40 text-xs text-ink-2">
        <Values column={column} />
      </td>
      <td className="text-right">
        {column.missing ? (
          <>
            {formatCount(column.missing)}
            <span className="block text-xs text-ink-3">{formatPercent(column.missing / rows)}</span>
          </>
        ) : (
          <span className="text-ink-3">none</span>
        )}
      </td>
      {informed && (
        <td className="text-right">
          {column.information == null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <Information share={column.information} correlation={column.correlation ?? null} />
          )}
        </td>
      )}
    </tr>
  );
}

function Values({ column }: { column: Column }) {
  const { minimum, maximum, mean, std, median } = column;
  if (column.kind === "date" && minimum != null && maximum != null) {
    return (
      <>
        <span className="whitespace-nowrap">{formatDay(minimum)}</span> to{" "}
        <span className="whitespace-nowrap">{formatDay(maximum)}</span>
        <span className="block text-ink-3">{formatCount(column.unique)} different</span>
      </>
    );
  }
  if (column.text) return <Texts text={column.text} />;
  if (minimum != null && maximum != null) {
    return (
      <>
        {formatNumber(minimum)} to {formatNumber(maximum)}
        <span className="block text-ink-3">
          mean {formatNumber(mean)} ± {formatNumber(std, 3)}
          {median != null && <>, median {formatNumber(median)}</>}
          {column.outliers ? <>, {formatPlural(column.outliers, "outlier")}</> : null}
        </span>
      </>
    );
  }
  const some = (column.categories ?? column.examples ?? []).slice(0, 4);
  return (
    <>
      {formatCount(column.unique)} different
      <span className="block max-w-60 break-words text-ink-3">
        {some.join(", ")}
        {column.unique > some.length && " …"}
      </span>
    </>
  );
}

/** How long texts are, and their words. */
function Texts({ text }: { text: NonNullable<Column["text"]> }) {
  const { words, characters, vocabulary, frequent } = text;
  const counts = frequent.map(({ word, count }) => `${word} ${formatCount(count)}`).join(", ");
  return (
    <>
      {formatCount(words.shortest)} to {formatPlural(words.longest, "word")}
      <span className="block text-ink-3">
        median {formatNumber(words.median)}, at most {formatPlural(characters.longest, "character")}
      </span>
      <span className="block max-w-60 break-words text-ink-3" title={counts}>
        {formatPlural(vocabulary, "different word")}, most often{" "}
        {frequent
          .slice(0, 5)
          .map(({ word }) => word)
          .join(", ")}
      </span>
    </>
  );
}

/** Seconds since 1970 as a day: "2024-01-31". */
function formatDay(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10);
}

/** A share as a bar and in figures; below it the correlation, where both are numbers. */
function Information({ share, correlation }: { share: number; correlation: number | null }) {
  return (
    <>
      <span className="inline-flex items-center gap-2 whitespace-nowrap">
        <svg viewBox="0 0 2 0.3" className="hidden h-2 w-14 xl:block" aria-hidden="true">
          <rect width="2" height="0.3" rx="0.1" className="fill-line" />
          <rect width={2 * share} height="0.3" rx="0.1" className="fill-accent" />
        </svg>
        <span className="w-10">{formatPercent(share, 0)}</span>
      </span>
      {correlation !== null && (
        <span className="block text-xs whitespace-nowrap text-ink-3">
          r {correlation.toFixed(2).replace("-", "−")}
        </span>
      )}
    </>
  );
}
