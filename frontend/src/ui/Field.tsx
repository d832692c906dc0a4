/** A control with its label, explanation and error. */
import { CircleHelp } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Tooltip } from "./Tooltip";

export interface FieldProps {
  label: ReactNode;
  /** Explains the field, behind a small mark. */
  hint?: ReactNode;
  error?: ReactNode;
  /** The id of the control. */
  htmlFor?: string;
  /** Differs from the default or the proposal. */
  changed?: boolean;
  children: ReactNode;
  /** Label above the control, for wide controls. */
  stacked?: boolean;
}

/** A control with its label, explanation and error. */
export function Field({ label, hint, error, htmlFor, changed, children, stacked }: FieldProps) {
  const errorId = useId();
  return (
    <div
      className={
        stacked
          ? "grid gap-1"
          : "grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-x-2.5 gap-y-1"
      }
    >
      <span className="flex items-center gap-1.5">
        <label htmlFor={htmlFor} className="text-ink-2">
          {label}
        </label>
        {changed && (
          <span className="size-1.5 rounded-full bg-accent" title="Changed">
            <span className="sr-only">changed</span>
          </span>
        )}
        {hint && (
          <Tooltip content={hint}>
            <button
              type="button"
              className="rounded-full text-ink-3 hover:text-ink"
              aria-label={typeof label === "string" ? `About ${label}` : "Explanation"}
            >
              <CircleHelp className="size-3.5" />
            </button>
          </Tooltip>
        )}
      </span>
      <div className="min-w-0">{children}</div>
      {error && (
        <p
          id={errorId}
          role="alert"
          className={stacked ? "text-xs text-bad" : "col-start-2 text-xs text-bad"}
        >
          {error}
        </p>
      )}
    </div>
  );
}
