/** The classes of images and a wall of the images themselves. */
import { useState } from "react";
import type { Description } from "../api";
import { Button, formatCount, formatPlural, Section } from "../ui";
import { Distribution } from "./Distribution";
import { ImageClasses } from "./ImageClasses";
import { ClassImages, MixedImages } from "./ImageWall";
import { LabelsPerImage } from "./LabelsPerImage";

export interface ImagesProps {
  datasetId: string;
  version: number | undefined;
  description: Description;
}

interface NumberedProps extends ImagesProps {
  pixels: boolean;
}

/** Images that have a number each, in the order in which they came. */
function Numbered({ datasetId, version, description, pixels }: NumberedProps) {
  const [column] = description.columns ?? [];
  const span = { name: "", start: 0, count: description.rows };
  return (
    <>
      {column && (
        <Section title="Numbers" hint="What a network learns to predict from each image">
          <Distribution name="the numbers" bins={column.distribution ?? []} />
        </Section>
      )}
      <Section title="Images" hint="As the network sees them, each with its number">
        <ClassImages datasetId={datasetId} version={version} span={span} pixels={pixels} />
      </Section>
    </>
  );
}

/** Images that have any number of labels: all of them, or those with the label that is chosen. */
function Labelled({ datasetId, version, description, pixels }: NumberedProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const labels = description.classes ?? [];
  const label = chosen === null ? undefined : labels[chosen];
  const span = label
    ? { name: label.name, start: 0, count: label.count, label: label.name }
    : { name: "", start: 0, count: description.rows };
  return (
    <>
      <Section title="Labels" hint="Of an image any number; choose one to see the images with it">
        <ImageClasses
          classes={labels}
          total={description.rows}
          chosen={chosen}
          onChoose={setChosen}
        />
      </Section>
      <Section title="Labels per image" hint="How many images have none, one, two and so on">
        <LabelsPerImage counts={description.labels_per_image ?? []} />
      </Section>
      <Section
        title={label ? `Images with ${label.name}` : "Images"}
        hint={
          label
            ? formatPlural(label.count, "image")
            : "As the network sees them, each with its labels"
        }
        actions={
          label && (
            <Button size="sm" onClick={() => setChosen(null)}>
              All images
            </Button>
          )
        }
      >
        <ClassImages
          key={span.name}
          datasetId={datasetId}
          version={version}
          span={span}
          pixels={pixels}
        />
      </Section>
    </>
  );
}

/** A few images of each class, or all those of the class that is chosen. */
export function Images({ datasetId, version, description }: ImagesProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const classes = description.classes ?? [];
  // Small images are drawn pixel by pixel, large ones smoothly.
  const { image } = description;
  const pixels = image ? Math.max(image.height, image.width) <= 64 : false;
  // The images stand in the order of their classes.
  let start = 0;
  const spans = classes.map(({ name, count }) => {
    const span = { name, start, count };
    start += count;
    return span;
  });
  const span = chosen === null ? undefined : spans[chosen];
  if (description.labels_per_image) {
    return <Labelled {...{ datasetId, version, description, pixels }} />;
  }
  if (classes.length === 0) return <Numbered {...{ datasetId, version, description, pixels }} />;

  return (
    <>
      <Section title="Classes" hint="Choose one to see its images">
        <ImageClasses
          classes={classes}
          total={description.rows}
          chosen={chosen}
          onChoose={setChosen}
        />
      </Section>
      <Section
        title={span ? `Images of class ${span.name}` : "Images"}
        hint={
          span
            ? formatPlural(span.count, "image")
            : `A few of each class, of ${formatCount(description.rows)}, as the network sees them`
        }
        actions={
          span && (
            <Button size="sm" onClick={() => setChosen(null)}>
              A few of each class
            </Button>
          )
        }
      >
        {span ? (
          <ClassImages
            key={span.name}
            datasetId={datasetId}
            version={version}
            span={span}
            pixels={pixels}
          />
        ) : (
          <MixedImages datasetId={datasetId} version={version} spans={spans} pixels={pixels} />
        )}
      </Section>
    </>
  );
}
