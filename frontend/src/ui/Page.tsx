/** A page that scrolls, and its sections. */
import type { ReactNode } from "react";
import { useTitle } from "./useTitle";

export interface PageProps {
  /** Names the browser's tab, and heads the page unless `heading` does. */
  title: string;
  heading?: ReactNode;
  summary?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page that scrolls: heading, actions at its right, content below. */
export function Page({ title, heading, summary, actions, children }: PageProps) {
  useTitle(title);
  return (
    <div className="mx-auto flex min-h-full w-full max-w-[76rem] flex-col gap-6 px-5 py-7 sm:px-8">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          {heading ?? <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>}
          {summary && <p className="mt-1 max-w-2xl text-base text-ink-2">{summary}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export interface SectionProps {
  title: string;
  hint?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a page under its own heading. */
export function Section({ title, hint, actions, children }: SectionProps) {
  return (
    <section aria-label={title} className="min-w-0">
      <header className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-lg font-semibold">
          {title}
          {hint && <span className="ml-2.5 text-sm font-normal text-ink-3">{hint}</span>}
        </h2>
        {actions}
      </header>
      {children}
    </section>
  );
}
