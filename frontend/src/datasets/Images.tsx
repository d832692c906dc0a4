/** The classes of images and a wall of the images themselves. */
import { useState } from "react";
import type { Description } from "../api";
import { Button, formatCount, formatPlural, Section } from "../ui";
import { ImageClasses } from "./ImageClasses";
import { ClassImages, MixedImages } from "./ImageWall";

export interface ImagesProps {
  datasetId: string;
  description: Description;
}

/** A few images of each class, or all those of the class that is chosen. */
export function Images({ datasetId, description }: ImagesProps) {
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
          <ClassImages key={span.name} datasetId={datasetId} span={span} pixels={pixels} />
        ) : (
          <MixedImages datasetId={datasetId} spans={spans} pixels={pixels} />
        )}
      </Section>
    </>
  );
}
