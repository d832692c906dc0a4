/** The page of something that is not there, or that cannot be read just now. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ApiError } from "../api";
import { buttonClass } from "./Button";
import { EmptyState } from "./EmptyState";
import { ErrorNotice } from "./ErrorNotice";
import { Page } from "./Page";

export interface UnavailableProps {
  /** What it is of: "network", "dataset", "run". */
  what: string;
  /** The page that lists all of them. */
  all: string;
  icon: ReactNode;
  error: unknown;
  onRetry: () => void;
}

export function Unavailable({ what, all, icon, error, onRetry }: UnavailableProps) {
  const gone = error instanceof ApiError && (error.status === 404 || error.status === 422);
  return (
    <Page title={`${what[0]?.toUpperCase()}${what.slice(1)}`}>
      {gone ? (
        <EmptyState
          icon={icon}
          title={`There is no such ${what}`}
          action={
            <Link href={all} className={buttonClass("primary")}>
              All {what}s
            </Link>
          }
        >
          It may have been deleted, or the address was cut off when it was copied.
        </EmptyState>
      ) : (
        <ErrorNotice error={error} onRetry={onRetry} />
      )}
    </Page>
  );
}
