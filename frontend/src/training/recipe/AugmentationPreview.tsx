/** A few of the user's own images as they are, and below as two training batches might have them. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Shuffle } from "lucide-react";
import { useState } from "react";
import { type AugmentedImage, augmentImages, type Objective } from "../../api";
import { imageUrl } from "../../api/images";
import { Button, ErrorNotice, formatNumber, formatPercent, Skeleton } from "../../ui";

const COUNT = 5;
const NEVER = Number.POSITIVE_INFINITY;

export interface AugmentationPreviewProps {
  datasetId: string;
  augmentation: readonly Objective[];
  /** Small images are drawn pixel by pixel. */
  pixels: boolean;
}

export function AugmentationPreview({ datasetId, augmentation, pixels }: AugmentationPreviewProps) {
  const [seed, setSeed] = useState(1);
  const rows = useQuery({
    queryKey: ["dataset", datasetId, "augmented", augmentation, seed],
    queryFn: ({ signal }) =>
      Promise.all(
        [seed, seed + 1].map(async (seed) => {
          const body = { augmentation: [...augmentation], count: COUNT, seed };
          const path = { dataset_id: datasetId };
          return { seed, ...(await augmentImages({ signal, path, body })) };
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: NEVER,
  });
  if (rows.error) return <ErrorNotice error={rows.error} onRetry={() => void rows.refetch()} />;
  return (
    <section
      aria-label="Augmentation on your images"
      className="grid gap-1.5 rounded-lg border border-line px-3 py-2.5"
    >
      <div className="flex items-center justify-between gap-2">
        <h4 className="text-xs text-ink-2">On your images: as they are, and changed twice</h4>
        <Button size="sm" icon={<Shuffle />} onClick={() => setSeed(seed + 2)}>
          Again
        </Button>
      </div>
      {rows.data === undefined ? (
        <Skeleton className="h-40" />
      ) : (
        <div className="grid grid-cols-5 gap-1.5" aria-busy={rows.isFetching}>
          {rows.data[0]?.images.map(({ index }) => (
            <Picture
              key={index}
              src={imageUrl(datasetId, undefined, index)}
              alt={`Image ${index + 1} as it is`}
              pixels={pixels}
            />
          ))}
          {rows.data.flatMap(({ seed, images }) =>
            images.map((image) => (
              <Picture
                key={`${seed} ${image.index}`}
                src={`data:image/png;base64,${image.png}`}
                alt={`Image ${image.index + 1} changed: ${inWords(image)}`}
                pixels={pixels}
                labels={image.labels.length > 1 ? image.labels : []}
              />
            )),
          )}
        </div>
      )}
    </section>
  );
}

interface PictureProps {
  src: string;
  alt: string;
  pixels: boolean;
  /** What is to be answered, where that is not simply the class of the image. */
  labels?: AugmentedImage["labels"];
}

function Picture({ src, alt, pixels, labels = [] }: PictureProps) {
  return (
    <figure className="min-w-0">
      <img
        src={src}
        alt={alt}
        className="aspect-square w-full rounded-sm bg-sunken object-contain"
        style={{ imageRendering: pixels ? "pixelated" : "auto" }}
      />
      {labels.length > 0 && (
        <figcaption className="grid text-center text-2xs text-ink-2" aria-hidden="true">
          {labels.slice(0, 2).map((label) => (
            <span key={label.name} className="truncate" title={shareInWords(label)}>
              {shareInWords(label)}
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  );
}

/** "cat", or "82% cat, 18% dog" where two are mixed. */
function inWords({ labels, value }: AugmentedImage): string {
  if (value != null) return formatNumber(value);
  const [only] = labels;
  if (only && labels.length === 1) return only.name;
  return labels.map(shareInWords).join(", ");
}

function shareInWords({ name, share }: AugmentedImage["labels"][number]): string {
  return `${formatPercent(share, 0)} ${name}`;
}
