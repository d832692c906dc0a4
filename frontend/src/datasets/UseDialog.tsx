/** A first network for the data, with its reasons. */
import { useQuery } from "@tanstack/react-query";
import { type Dataset, type Proposal, propose } from "../api";
import { useBegin } from "../api/begin";
import { catalogQuery } from "../api/queries";
import { Button, Dialog, ErrorNotice, NetworkPicture, Spinner } from "../ui";
import { reasonLines } from "./reasons";

/** A first network for the data, with the reason for each of its parts. */
export function UseDialog({ dataset, onClose }: { dataset: Dataset; onClose: () => void }) {
  const begin = useBegin();
  const proposal = useQuery({
    queryKey: ["proposal", dataset.id, dataset.description?.problem],
    queryFn: ({ signal }) => propose({ signal, body: { dataset_id: dataset.id } }),
    staleTime: 0,
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      wide
      reading
      title="A first network for this data"
      description="Every part can be changed afterwards in the editor."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={!proposal.data}
            loading={begin.pending !== null}
            onClick={() =>
              proposal.data &&
              begin.proposal({
                datasetId: dataset.id,
                name: dataset.name,
                proposal: proposal.data,
              })
            }
          >
            Make this network
          </Button>
        </>
      }
    >
      {proposal.isPending && (
        <div className="grid h-48 place-items-center">
          <Spinner label="Looking at the data …" />
        </div>
      )}
      {proposal.error && <ErrorNotice error={proposal.error} onRetry={() => proposal.refetch()} />}
      {begin.error && <ErrorNotice error={begin.error} title="The network could not be made" />}
      {proposal.data && <Proposed proposal={proposal.data} />}
    </Dialog>
  );
}

function Proposed({ proposal }: { proposal: Proposal }) {
  const { data: catalog } = useQuery(catalogQuery());
  return (
    <div className="grid gap-4">
      <div className="grid h-36 place-items-center rounded-xl bg-sunken p-4">
        <NetworkPicture architecture={proposal.architecture} catalog={catalog} />
      </div>
      <dl className="divide-y divide-line">
        {reasonLines(proposal, catalog).map((line) => (
          <div key={line.name} className="grid gap-x-4 py-2 sm:grid-cols-[9rem_minmax(0,1fr)]">
            <dt className="text-ink-2">{line.name}</dt>
            <dd>
              {line.value && <span className="block font-semibold break-words">{line.value}</span>}
              <span className="text-ink-2">{line.reason}</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
