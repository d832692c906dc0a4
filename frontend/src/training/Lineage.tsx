/** Where a run was forked from, and what was forked from it. */
import { useQuery } from "@tanstack/react-query";
import { CornerDownRight, GitFork } from "lucide-react";
import { Link } from "wouter";
import type { Run } from "../api";
import { runsQuery } from "../api/queries";

const WEIGHTS = {
  start: "with fresh weights",
  last: "with its last weights",
  best: "with the weights of its best epoch",
} as const;

export function Lineage({ run }: { run: Run }) {
  const children = useQuery(runsQuery({ parent_id: run.id })).data?.items ?? [];
  const { fork } = run;
  if (!fork && children.length === 0) return null;
  const link = "font-semibold text-accent hover:underline";
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-ink-2">
      {fork && (
        <span className="inline-flex flex-wrap items-center gap-x-1.5">
          <GitFork aria-hidden="true" className="size-3.5 text-ink-3" />
          Forked from
          <Link href={`/runs/${fork.run_id}`} className={link}>
            Run {fork.number}
          </Link>
          {WEIGHTS[fork.weights]}: {fork.title}
        </span>
      )}
      {children.length > 0 && (
        <span className="inline-flex flex-wrap items-center gap-x-1.5">
          <CornerDownRight aria-hidden="true" className="size-3.5 text-ink-3" />
          Forked to
          {children.map((child) => (
            <Link key={child.id} href={`/runs/${child.id}`} className={link}>
              Run {child.number}
            </Link>
          ))}
        </span>
      )}
    </p>
  );
}
