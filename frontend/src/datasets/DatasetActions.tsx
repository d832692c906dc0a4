/** What can be done with a dataset. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, FileUp, History, Pencil, RotateCcw, Trash2, Waypoints } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { changeDataset, type Dataset, deleteDataset } from "../api";
import { saidOptions } from "../api/upload";
import {
  Button,
  ConfirmDialog,
  chooseFile,
  ErrorNotice,
  IconButton,
  Menu,
  ReadingDialog,
  RenameDialog,
  toast,
} from "../ui";
import { ACCEPT } from "./accept";
import { UseDialog } from "./UseDialog";
import { useRenewal } from "./useRenewal";
import { VersionsDialog } from "./VersionsDialog";

type Opened = "use" | "rename" | "delete" | "again" | "versions";

/** What can be done with a dataset. */
export function DatasetActions({ dataset }: { dataset: Dataset }) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const [open, setOpen] = useState<Opened | null>(null);
  const { replace, again } = useRenewal(dataset);
  const close = (next: boolean) => !next && setOpen(null);
  const rename = useMutation({
    mutationFn: (name: string) =>
      changeDataset({ path: { dataset_id: dataset.id }, body: { name } }),
    onSuccess: (changed) => {
      setOpen(null);
      client.setQueryData(["dataset", dataset.id], changed);
      return client.invalidateQueries({ queryKey: ["datasets"] });
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteDataset({ path: { dataset_id: dataset.id } }),
    onSuccess: () => {
      client.removeQueries({ queryKey: ["dataset", dataset.id] });
      void client.invalidateQueries({ queryKey: ["datasets"] });
      toast({ title: `“${dataset.name}” is deleted` });
      navigate("/datasets");
    },
  });

  return (
    <>
      <Menu
        trigger={<IconButton label="More actions" icon={<Ellipsis />} variant="secondary" />}
        items={[
          {
            label: "Replace file …",
            icon: <FileUp />,
            disabled: dataset.state === "ingesting",
            onSelect: () => chooseFile(ACCEPT, (file) => replace(file)),
          },
          {
            label: "Read again …",
            icon: <RotateCcw />,
            disabled: dataset.state !== "ready" || !dataset.original,
            onSelect: () => setOpen("again"),
          },
          { label: "Versions", icon: <History />, onSelect: () => setOpen("versions") },
          "separator",
          { label: "Rename", icon: <Pencil />, onSelect: () => setOpen("rename") },
          "separator",
          { label: "Delete", icon: <Trash2 />, tone: "danger", onSelect: () => setOpen("delete") },
        ]}
      />
      {dataset.state === "ready" && (
        <Button variant="primary" icon={<Waypoints />} onClick={() => setOpen("use")}>
          Use in a new network
        </Button>
      )}
      {open === "use" && <UseDialog dataset={dataset} onClose={() => setOpen(null)} />}
      {open === "versions" && <VersionsDialog dataset={dataset} onClose={() => setOpen(null)} />}
      {open === "again" && (
        <ReadingDialog
          open
          onOpenChange={close}
          title="Read the file again"
          action="Read again"
          images={dataset.kind === "images"}
          labels={dataset.description?.origin?.kind === "table"}
          options={saidOptions(dataset.options)}
          loading={again.isPending}
          error={again.error}
          onRead={(options) => again.mutate(options, { onSuccess: () => setOpen(null) })}
        />
      )}
      <RenameDialog
        what="dataset"
        open={open === "rename"}
        onOpenChange={close}
        name={dataset.name}
        onRename={(name) => rename.mutate(name)}
        loading={rename.isPending}
        error={rename.error}
      />
      <ConfirmDialog
        open={open === "delete"}
        onOpenChange={close}
        title={`Delete “${dataset.name}”?`}
        action="Delete dataset"
        loading={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <div className="grid gap-3">
          <p>
            The data cannot be brought back from here. Networks and finished runs stay; the networks
            then need another dataset.
          </p>
          {remove.error && <ErrorNotice error={remove.error} />}
        </div>
      </ConfirmDialog>
    </>
  );
}
