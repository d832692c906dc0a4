/** All datasets; a file may be dropped anywhere on the page. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Database, Search, Upload } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { datasetsQuery } from "../api/queries";
import { type ReadingOptions, startUpload, useUploads } from "../api/upload";
import {
  EmptyState,
  ErrorNotice,
  FileButton,
  FileDrop,
  Page,
  SearchInput,
  Section,
  Skeleton,
} from "../ui";
import { ACCEPT } from "./accept";
import { DatasetCard } from "./DatasetCard";
import { Samples } from "./Samples";
import { UploadCard } from "./UploadCard";

/** More datasets than this are not seen at one glance. */
const GLANCE = 12;

/** All datasets; a file may be dropped anywhere on the page. */
export default function Datasets() {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const uploads = useUploads().filter((upload) => upload.into === null);
  const datasets = useQuery(datasetsQuery());

  const send = (files: File[], options: ReadingOptions | null = null) => {
    for (const file of files) {
      startUpload(file, options, ({ dataset }) => {
        void client.invalidateQueries({ queryKey: ["datasets"] });
        const here = location.pathname === "/datasets";
        if (dataset && files.length === 1 && here) navigate(`/datasets/${dataset.id}`);
      });
    }
  };
  const button = (
    <FileButton
      variant="primary"
      icon={<Upload />}
      accept={ACCEPT}
      multiple
      onFiles={(files) => send(files)}
    >
      Upload data
    </FileButton>
  );
  const items = datasets.data ?? [];
  const [search, setSearch] = useState("");
  const words = search.trim().toLowerCase();
  const shown = items.filter(({ name }) => name.toLowerCase().includes(words));

  return (
    <Page
      title="Datasets"
      summary="A table (CSV, Excel or Parquet), or images: a zip with a folder for each class or a table of labels, an NPZ, the files of MNIST. Drop a file anywhere on this page."
      actions={button}
    >
      <FileDrop label="Drop a table or a zip of images" onFiles={(files) => send(files)} />
      {uploads.length > 0 && (
        <ul aria-label="Uploads" className="grid gap-3">
          {uploads.map((upload) => (
            <li key={upload.id}>
              <UploadCard
                upload={upload}
                onAgain={(options) => send([upload.file], options ?? upload.options)}
              />
            </li>
          ))}
        </ul>
      )}
      {datasets.error && <ErrorNotice error={datasets.error} onRetry={() => datasets.refetch()} />}
      {datasets.isPending && (
        <div className="grid grid-cols-[repeat(auto-fill,minmax(17rem,1fr))] gap-4">
          {["a", "b", "c"].map((key) => (
            <Skeleton key={key} className="h-24" />
          ))}
        </div>
      )}
      {datasets.data &&
        (items.length ? (
          <div className="grid gap-4">
            {items.length > GLANCE && (
              <SearchInput
                label="Find a dataset"
                placeholder="Find by name …"
                value={search}
                onChange={setSearch}
                className="max-w-sm"
              />
            )}
            {shown.length === 0 && (
              <EmptyState icon={<Search />} title={`No dataset is called “${search.trim()}”`}>
                Try a part of its name.
              </EmptyState>
            )}
            <ul className="grid grid-cols-[repeat(auto-fill,minmax(17rem,1fr))] gap-4">
              {shown.map((dataset) => (
                <li key={dataset.id}>
                  <DatasetCard dataset={dataset} />
                </li>
              ))}
            </ul>
          </div>
        ) : (
          <EmptyState icon={<Database />} title="No data yet" action={button}>
            Upload a file of your own, or add one of the samples below with a click.
          </EmptyState>
        ))}
      <Section title="Samples" hint="They ship with the app, ready to train on">
        <Samples datasets={items} />
      </Section>
    </Page>
  );
}
