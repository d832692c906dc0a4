/** A network in the list: open, rename, copy, delete. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Copy, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import {
  createNetwork,
  deleteNetwork,
  type NetworkSummary,
  type NetworkWrite,
  readNetwork,
  saveNetwork,
} from "../api";
import {
  ConfirmDialog,
  ErrorNotice,
  formatAgo,
  formatDate,
  formatPlural,
  IconButton,
  Menu,
  NetworkThumbnail,
  RenameDialog,
  toast,
} from "../ui";

export interface NetworkCardProps {
  network: NetworkSummary;
  /** The name of its dataset. */
  dataset: string | undefined;
}

/** The network as it is now, to be saved under another name. */
async function contents(id: string): Promise<{ body: NetworkWrite; revision: number }> {
  const { architecture, dataset_id, recipe, revision } = await readNetwork({
    path: { network_id: id },
  });
  return { body: { architecture, dataset_id, recipe }, revision };
}

export function NetworkCard({ network, dataset }: NetworkCardProps) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<"rename" | "delete" | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: ["networks"] });

  const rename = useMutation({
    mutationFn: async (name: string) => {
      const { body, revision } = await contents(network.id);
      return saveNetwork({
        path: { network_id: network.id },
        headers: { "if-match": `"${revision}"` },
        body: { ...body, architecture: { ...body.architecture, name } },
      });
    },
    onSuccess: () => {
      setAsking(null);
      void client.invalidateQueries({ queryKey: ["network", network.id] });
      return refresh();
    },
  });
  const duplicate = useMutation({
    mutationFn: async () => {
      const { body } = await contents(network.id);
      const name = `${network.name.slice(0, 190)} (copy)`;
      return createNetwork({ body: { ...body, architecture: { ...body.architecture, name } } });
    },
    onSuccess: (copy) => {
      toast({ title: `Copied as “${copy.name}”`, tone: "ok" });
      return refresh();
    },
    onError: (error) => toast({ title: "Not copied", description: error.message, tone: "bad" }),
  });
  const remove = useMutation({
    mutationFn: () => deleteNetwork({ path: { network_id: network.id } }),
    onSuccess: () => {
      setAsking(null);
      toast({ title: `“${network.name}” is deleted`, description: "Its runs stay." });
      return refresh();
    },
  });

  return (
    <article className="group relative h-full overflow-hidden rounded-xl border border-line bg-panel shadow-1 transition-[border-color,box-shadow] hover:border-accent hover:shadow-2">
      <div aria-hidden="true">
        <NetworkThumbnail network={network} />
      </div>
      <div className="flex items-start gap-1 py-2.5 pr-2 pl-3.5">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold break-words">
            <Link href={`/networks/${network.id}`} className="after:absolute after:inset-0">
              {network.name}
            </Link>
          </h2>
          <p className="text-xs text-ink-3" title={formatDate(network.updated_at)}>
            {[formatPlural(network.nodes, "layer"), dataset, formatAgo(network.updated_at)]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <div className="relative z-1">
          <Menu
            trigger={
              <IconButton size="sm" label={`Actions for ${network.name}`} icon={<Ellipsis />} />
            }
            items={[
              { label: "Rename", icon: <Pencil />, onSelect: () => setAsking("rename") },
              { label: "Make a copy", icon: <Copy />, onSelect: () => duplicate.mutate() },
              "separator",
              {
                label: "Delete",
                icon: <Trash2 />,
                tone: "danger",
                onSelect: () => setAsking("delete"),
              },
            ]}
          />
        </div>
      </div>
      <RenameDialog
        what="network"
        open={asking === "rename"}
        onOpenChange={(open) => !open && setAsking(null)}
        name={network.name}
        onRename={(name) => rename.mutate(name)}
        loading={rename.isPending}
        error={rename.error}
      />
      <ConfirmDialog
        open={asking === "delete"}
        onOpenChange={(open) => !open && setAsking(null)}
        title={`Delete “${network.name}”?`}
        action="Delete network"
        loading={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <p>
          Its {formatPlural(network.revision, "revision")} cannot be brought back. Runs that were
          made with it stay, with what they learned.
        </p>
        {remove.error && <ErrorNotice error={remove.error} />}
      </ConfirmDialog>
    </article>
  );
}
