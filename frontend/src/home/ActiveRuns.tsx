/** What is training now, moving. */
import { Link } from "wouter";
import type { RunSummary } from "../api";
import { isActive } from "../api/queries";
import { formatNumber, Pill, Progress, Section, Sparkline } from "../ui";

/** What is training now, moving. */
export function ActiveRuns({ runs }: { runs: readonly RunSummary[] }) {
  const active = runs.filter(isActive);
  if (!active.length) return null;
  return (
    <Section
      title="Training now"
      actions={
        <Link href="/runs" className="text-accent hover:underline">
          All runs
        </Link>
      }
    >
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(19rem,1fr))] gap-4">
        {active.map((run) => (
          <li key={run.id}>
            <Link
              href={`/runs/${run.id}`}
              className="block rounded-xl border border-line bg-panel px-3.5 py-3 shadow-1 transition-[border-color,box-shadow] hover:border-accent hover:shadow-2"
            >
              <span className="flex items-start justify-between gap-3">
                <span className="min-w-0">
                  <span className="block font-semibold break-words">{run.network_name}</span>
                  <span className="block text-xs text-ink-3">
                    Run {run.number} on {run.dataset_name}
                  </span>
                </span>
                <Pill tone={run.state === "queued" ? "neutral" : "ok"} dot="live">
                  {run.state}
                </Pill>
              </span>
              <span className="mt-2.5 flex items-center gap-3">
                <Sparkline
                  values={run.spark}
                  label={`Loss by epoch of run ${run.number}`}
                  className="h-8 w-28"
                />
                <span className="text-xs text-ink-2">
                  loss{" "}
                  <b className="font-semibold text-ink">
                    {formatNumber(run.values.val_loss ?? run.values.loss)}
                  </b>
                  <br />
                  epoch <b className="font-semibold text-ink">{run.epoch}</b> of {run.epochs}
                </span>
              </span>
              <Progress
                value={run.state === "queued" ? null : run.epochs ? run.epoch / run.epochs : null}
                label={`Progress of run ${run.number}`}
                className="mt-2.5"
              />
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
