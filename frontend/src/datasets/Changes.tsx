/** How the version in use differs from the one before, and whether the networks still fit. */
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { Link } from "wouter";
import type { Dataset, NetworkFit } from "../api";
import { networkFitsQuery } from "../api/queries";
import { ErrorNotice, formatPlural, Section, Skeleton } from "../ui";
import { Notes } from "./Report";

/** How the version in use differs from the one before; nothing for a first version. */
export function Changes({ dataset }: { dataset: Dataset }) {
  if (!dataset.changes?.length) return null;
  return (
    <>
      <Section
        title={`What is new in version ${dataset.version}`}
        hint="Against the version that was in use before"
      >
        <Notes notes={dataset.changes} />
      </Section>
      <Fits dataset={dataset} />
    </>
  );
}

function Fits({ dataset }: { dataset: Dataset }) {
  const fits = useQuery(networkFitsQuery(dataset.id, dataset.version));
  if (fits.error) return <ErrorNotice error={fits.error} onRetry={() => fits.refetch()} />;
  if (fits.isPending) return <Skeleton className="h-16" />;
  if (fits.data.length === 0) return null;
  return (
    <Section title="Networks that use it" hint={summary(fits.data)}>
      <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-panel shadow-1">
        {fits.data.map((fit) => (
          <li key={fit.network_id} className="flex gap-3 px-4 py-2.5">
            {fit.ok ? (
              <CircleCheck className="mt-0.5 size-4 shrink-0 text-ok" aria-label="Fits" />
            ) : (
              <TriangleAlert
                className="mt-0.5 size-4 shrink-0 text-warn"
                aria-label="Does not fit"
              />
            )}
            <div className="min-w-0">
              <Link
                href={`/networks/${fit.network_id}`}
                className="font-semibold break-words hover:text-accent"
              >
                {fit.name}
              </Link>
              {problemsOf(fit).map((message) => (
                <p key={message} className="text-ink-2 break-words">
                  {message}
                </p>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function problemsOf({ ok, problems }: NetworkFit): string[] {
  if (ok) return [];
  return problems
    .filter(({ severity }) => (severity ?? "error") === "error")
    .map(({ message }) => message);
}

/** "2 networks: 1 fits, 1 needs a change" */
function summary(fits: readonly NetworkFit[]): string {
  const misfits = fits.filter(({ ok }) => !ok).length;
  if (misfits === 0) return fits.length === 1 ? "It still fits" : `All ${fits.length} still fit`;
  return `${formatPlural(misfits, "network")} of ${fits.length} no longer ${misfits === 1 ? "fits" : "fit"}`;
}
