/** Home: three ways in at first, later what was going on. */
import { useQuery } from "@tanstack/react-query";
import { useBegin } from "../api/begin";
import { datasetsQuery, networksQuery, runsQuery } from "../api/queries";
import { ErrorNotice, FileDrop, Page, Section, Skeleton } from "../ui";
import { ActiveRuns } from "./ActiveRuns";
import { Continue } from "./Continue";
import { DatasetList } from "./DatasetList";
import { Gallery } from "./Gallery";
import { OtherWays } from "./OtherWays";
import { StartCards } from "./StartCards";
import { useUploadAndGo } from "./useUploadAndGo";

/** Where everything begins: three ways in at first, later what was going on. */
export default function Home() {
  const begin = useBegin();
  const upload = useUploadAndGo();
  const networks = useQuery(networksQuery());
  const datasets = useQuery(datasetsQuery());
  const runs = useQuery(runsQuery());
  const first = networks.data?.items.length === 0;

  return (
    <Page
      title={first ? "Train your first network" : "Home"}
      summary={
        first
          ? "Choose what it should learn. Data, a network that fits it and its settings are put in place; you press Train and watch."
          : undefined
      }
    >
      <FileDrop label="Drop a table or a zip of images" onFiles={upload} />
      {begin.error && <ErrorNotice error={begin.error} title="The network could not be made" />}
      {networks.error && <ErrorNotice error={networks.error} onRetry={() => networks.refetch()} />}
      {networks.isPending ? (
        <div className="grid gap-4 sm:grid-cols-3">
          {["a", "b", "c"].map((key) => (
            <Skeleton key={key} className="h-56" />
          ))}
        </div>
      ) : first ? (
        <>
          <StartCards begin={begin} large />
          <OtherWays begin={begin} onFiles={upload} />
        </>
      ) : (
        <>
          <ActiveRuns runs={runs.data?.items ?? []} />
          <Continue networks={networks.data?.items ?? []} datasets={datasets.data ?? []} />
          <Section title="Start something new">
            <div className="grid gap-4">
              <StartCards begin={begin} />
              <OtherWays begin={begin} onFiles={upload} />
            </div>
          </Section>
          <DatasetList datasets={datasets.data ?? []} />
        </>
      )}
      <Gallery begin={begin} />
    </Page>
  );
}
