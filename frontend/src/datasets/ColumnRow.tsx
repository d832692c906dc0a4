/** One column: kind, role, distribution, statistics. */
import type { Column, ColumnPatch } from "../api";
import { cx, formatCount, formatNumber, formatPercent, Select, Spinner, Tooltip } from "../ui";
import { Distribution } from "./Distribution";
import { type Kind, kindOptions, ROLES, type Role } from "./kinds";

export interface ColumnRowProps {
  column: Column;
  rows: number;
  /** Whether the table has correlations to show. */
  correlated: boolean;
  busy: boolean;
  onChange: (patch: ColumnPatch) => void;
}

export function ColumnRow({ column, rows, correlated, busy, onChange }: ColumnRowProps) {
  const { name, kind, role } = column;
  return (
    <tr
      className={cx(
        "border-b border-line last:border-0 [&>*]:px-3 [&>*]:py-2",
        role === "target" && "bg-accent-soft",
      )}
    >
      <th scope="row" className="max-w-56 font-[550] break-words">
        {name}
        {busy && <Spinner className="ml-2 inline size-3.5 text-accent" />}
      </th>
      <td>
        <Tooltip content={column.kind_reason}>
          <span className="block w-32">
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
        <span className="block w-26">
          <Select
            label={`Role of ${name}`}
            value={role}
            options={ROLES}
            disabled={busy}
            onChange={(value) => onChange({ name, role: value as Role })}
          />
        </span>
      </td>
      <td>
        <Distribution name={name} bins={column.distribution ?? []} />
      </td>
      <td className="text-xs text-ink-2">
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
      {correlated && (
        <td className="text-right">
          {column.correlation == null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <Correlation value={column.correlation} />
          )}
        </td>
      )}
    </tr>
  );
}

function Values({ column }: { column: Column }) {
  const { minimum, maximum, mean, std, median } = column;
  if (minimum != null && maximum != null) {
    return (
      <>
        {formatNumber(minimum)} to {formatNumber(maximum)}
        <span className="block text-ink-3">
          mean {formatNumber(mean)} ± {formatNumber(std, 3)}
          {median != null && <>, median {formatNumber(median)}</>}
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

/** −1 to 1 as a bar from the middle, and in figures. */
function Correlation({ value }: { value: number }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <svg viewBox="-1 0 2 0.3" className="h-2 w-14" aria-hidden="true">
        <rect x="-1" width="2" height="0.3" rx="0.1" className="fill-line" />
        <rect
          x={Math.min(0, value)}
          width={Math.abs(value)}
          height="0.3"
          style={{ fill: value < 0 ? "var(--group-convolution)" : "var(--accent)" }}
        />
      </svg>
      <span className="w-10">{value.toFixed(2).replace("-", "−")}</span>
    </span>
  );
}
