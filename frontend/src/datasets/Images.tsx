/** The classes of images and a wall of the images themselves. */
import { type ReactNode, useState } from "react";
import type { Description } from "../api";
import { Button, formatCount, formatPlural, Section } from "../ui";
import { Distribution } from "./Distribution";
import { ImageClasses } from "./ImageClasses";
import { ClassImages, MixedImages, type Span } from "./ImageWall";
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
  const images = { datasetId, version, pixels };
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
      <ChosenImages
        {...images}
        chosen={label && { name: label.name, start: 0, count: label.count, label: label.name }}
        title={`Images with ${label?.name}`}
        hint="As the network sees them, each with its labels"
        back="All images"
        onBack={() => setChosen(null)}
      >
        <ClassImages {...images} span={{ name: "", start: 0, count: description.rows }} />
      </ChosenImages>
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
  const images = { datasetId, version, pixels };
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
      <ChosenImages
        {...images}
        chosen={span}
        title={`Images of class ${span?.name}`}
        hint={`A few of each class, of ${formatCount(description.rows)}, as the network sees them`}
        back="A few of each class"
        onBack={() => setChosen(null)}
      >
        <MixedImages {...images} spans={spans} />
      </ChosenImages>
    </>
  );
}

interface ChosenImagesProps {
  datasetId: string;
  version: number | undefined;
  pixels: boolean;
  chosen: Span | undefined;
  /** While something is chosen. */
  title: string;
  /** While nothing is. */
  hint: string;
  back: string;
  onBack: () => void;
  children: ReactNode;
}

/** All images of what is chosen, with the way back; while nothing is, the children. */
function ChosenImages(props: ChosenImagesProps) {
  const { chosen, title, hint, back, onBack, children, ...images } = props;
  return (
    <Section
      title={chosen ? title : "Images"}
      hint={chosen ? formatPlural(chosen.count, "image") : hint}
      actions={
        chosen && (
          <Button size="sm" onClick={onBack}>
            {back}
          </Button>
        )
      }
    >
      {chosen ? <ClassImages key={chosen.name} {...images} span={chosen} /> : children}
    </Section>
  );
}
