/** A dataset: what was found, what was made of it, a look inside. */
import { useQuery } from "@tanstack/react-query";
import { Database } from "lucide-react";
import { Link, useParams } from "wouter";
import { datasetQuery } from "../api/queries";
import { Page, Section, Skeleton, Unavailable } from "../ui";
import { Changes } from "./Changes";
import { Columns } from "./Columns";
import { DatasetActions } from "./DatasetActions";
import { Found } from "./Found";
import { Images } from "./Images";
import { NextVersion } from "./NextVersion";
import { Reading } from "./Reading";
import { Report } from "./Report";
import { RowsPreview } from "./RowsPreview";

/** A dataset: what was found in it, what was made of it, and a look inside. */
export default function DatasetPage() {
  const { id } = useParams<{ id: string }>();
  const { data: dataset, error, isPending, refetch } = useQuery(datasetQuery(id));

  if (isPending) {
    return (
      <Page title="Dataset" heading={<Skeleton className="h-8 w-64" />}>
        <Skeleton className="h-24" />
        <Skeleton className="h-64" />
      </Page>
    );
  }
  if (error) {
    return (
      <Unavailable
        what="dataset"
        all="/datasets"
        icon={<Database />}
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  const { description } = dataset;
  return (
    <Page
      title={dataset.name}
      heading={
        <>
          <Link href="/datasets" className="text-xs text-ink-3 hover:text-accent">
            Datasets
          </Link>
          <h1 className="text-2xl font-semibold tracking-tight break-words">{dataset.name}</h1>
          {(dataset.newest ?? 1) > 1 && (
            <p className="text-ink-2">
              Version {dataset.version}
              {dataset.original && `, read from ${dataset.original.filename}`}
            </p>
          )}
        </>
      }
      actions={<DatasetActions dataset={dataset} />}
    >
      {dataset.state !== "ready" && <Reading dataset={dataset} />}
      <NextVersion dataset={dataset} />
      {description && (
        <>
          <Found dataset={dataset} description={description} />
          <Changes dataset={dataset} />
          <Report datasetId={dataset.id} notes={description.report ?? []} />
          {description.kind === "table" ? (
            <>
              <Columns dataset={dataset} description={description} />
              <Section title="Rows" hint="As they stand in the file">
                <RowsPreview
                  key={dataset.version}
                  datasetId={dataset.id}
                  version={dataset.version}
                  columns={description.columns ?? []}
                />
              </Section>
            </>
          ) : (
            <Images
              key={dataset.version}
              datasetId={dataset.id}
              version={dataset.version}
              description={description}
            />
          )}
        </>
      )}
    </Page>
  );
}
