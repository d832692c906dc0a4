/** A list without entries: what would be here. */
import type { ReactNode } from "react";

export interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  /** What to do about it. */
  children?: ReactNode;
  action?: ReactNode;
  /** True where it is all of the page: its title is then the page's heading. */
  page?: boolean;
}

/** A list without entries: what would be here, and how to make it so. */
export function EmptyState({ icon, title, children, action, page }: EmptyStateProps) {
  const Title = page ? "h1" : "p";
  return (
    <div className="flex flex-col items-center gap-2 rounded-xl border border-dashed border-line-strong px-6 py-10 text-center">
      {icon && (
        <span
          aria-hidden="true"
          className="mb-1 grid size-11 place-items-center rounded-xl bg-sunken text-ink-2 [&_svg]:size-5"
        >
          {icon}
        </span>
      )}
      <Title className="text-base font-semibold">{title}</Title>
      {children && <div className="max-w-md text-ink-2">{children}</div>}
      {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
