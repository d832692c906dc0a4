/** A saved network, drawn small. */
import { useQuery } from "@tanstack/react-query";
import type { NetworkSummary } from "../api";
import { catalogQuery, networkPictureQuery } from "../api/queries";
import { NetworkPicture } from "./NetworkPicture";

/** A saved network, drawn small. */
export function NetworkThumbnail({ network }: { network: NetworkSummary }) {
  const { data: catalog } = useQuery(catalogQuery());
  const { data: architecture } = useQuery(networkPictureQuery(network.id, network.revision));
  return (
    <span className="grid h-26 w-full place-items-center border-b border-line bg-sunken px-4 py-3">
      {architecture &&
        (network.nodes ? (
          <NetworkPicture architecture={architecture} catalog={catalog} />
        ) : (
          <span className="text-xs text-ink-3">Empty canvas</span>
        ))}
    </span>
  );
}
