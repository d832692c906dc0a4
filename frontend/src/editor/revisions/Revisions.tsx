/** Earlier revisions of a network: looked at, compared with the present one, brought back. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";
import { listRevisions, type Revision, type RevisionSummary, readRevision } from "../../api";
import { Button, Dialog, EmptyState, ErrorNotice, Skeleton, Switch } from "../../ui";
import { Comparison } from "./Comparison";
import { RevisionList } from "./RevisionList";

export interface RevisionsProps {
  networkId: string;
  onRestore(revision: Revision): void;
  onClose(): void;
}

const PAGE = 50;

export function Revisions({ networkId, onRestore, onClose }: RevisionsProps) {
  const [onlyNamed, setOnlyNamed] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const list = useInfiniteQuery({
    queryKey: ["revisions", networkId],
    queryFn: ({ signal, pageParam }) =>
      listRevisions({
        path: { network_id: networkId },
        query: { limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  });
  const all = list.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = onlyNamed ? all.filter(({ note }) => note !== null) : all;
  const current = shown.find(({ revision }) => revision === chosen) ?? shown[0];

  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title="Revisions"
      description="Every change is saved as a revision. What is brought back becomes the newest one, and can be undone."
    >
      {list.error ? (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton className="h-96" />
      ) : (
        <div className="grid h-[min(30rem,62vh)] grid-cols-[15rem_minmax(0,1fr)] gap-5">
          <div className="flex min-h-0 flex-col gap-2">
            <span className="flex items-center gap-2 text-xs text-ink-2">
              <Switch id="only-named" checked={onlyNamed} onChange={setOnlyNamed} />
              <label htmlFor="only-named">Only those with a name</label>
            </span>
            <RevisionList
              revisions={shown}
              newest={all[0]?.revision}
              chosen={current?.revision ?? null}
              onChoose={setChosen}
            />
            {list.hasNextPage && (
              <Button
                size="sm"
                loading={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                Older ones
              </Button>
            )}
          </div>
          {current ? (
            <Chosen
              key={current.revision}
              networkId={networkId}
              summary={current}
              newest={current.revision === all[0]?.revision}
              onRestore={onRestore}
            />
          ) : (
            <EmptyState icon={<History />} title="No revision has a name yet">
              Ctrl+S on the canvas saves one with a name of your choice.
            </EmptyState>
          )}
        </div>
      )}
    </Dialog>
  );
}

interface ChosenProps {
  networkId: string;
  summary: RevisionSummary;
  newest: boolean;
  onRestore(revision: Revision): void;
}

function Chosen({ networkId, summary, newest, onRestore }: ChosenProps) {
  const { revision: number } = summary;
  const { data, error, refetch } = useQuery({
    queryKey: ["revision", networkId, number],
    queryFn: ({ signal }) =>
      readRevision({ path: { network_id: networkId, revision: number }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-full" />;
  return (
    <Comparison
      revision={data}
      action={
        !newest && (
          <Button variant="primary" icon={<History />} onClick={() => onRestore(data)}>
            Bring it back
          </Button>
        )
      }
    />
  );
}
