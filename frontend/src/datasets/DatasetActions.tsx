/** What can be done with a dataset. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Pencil, Trash2, Waypoints } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { changeDataset, type Dataset, deleteDataset } from "../api";
import { Button, ConfirmDialog, ErrorNotice, IconButton, Menu, RenameDialog, toast } from "../ui";
import { UseDialog } from "./UseDialog";

/** What can be done with a dataset. */
export function DatasetActions({ dataset }: { dataset: Dataset }) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const [open, setOpen] = useState<"use" | "rename" | "delete" | null>(null);
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
