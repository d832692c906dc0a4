/** The classes of images and a wall of the images themselves. */
import { useState } from "react";
import type { Description } from "../api";
import { Button, formatCount, formatPlural, Section } from "../ui";
import { Distribution } from "./Distribution";
import { ImageClasses } from "./ImageClasses";
import { ClassImages, MixedImages } from "./ImageWall";

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
