/** Pictures from files and from the server, decoded by the browser. */
import type { Pixels } from "./pixels";

/** Decode a picture. Rejects with what to do when the browser cannot read it. */
export async function decode(source: Blob | string): Promise<ImageBitmap> {
  const blob = typeof source === "string" ? await fetched(source) : source;
  try {
    return await createImageBitmap(blob);
  } catch {
    const name = blob instanceof File ? `“${blob.name}”` : "This";
    throw new Error(
      `Expected a picture (PNG, JPEG, WebP or GIF), but ${name} could not be read as one. Choose another file.`,
    );
  }
}

async function fetched(address: string): Promise<Blob> {
  const response = await fetch(address);
  if (!response.ok) throw new Error("The image could not be fetched from the server. Try again.");
  return response.blob();
}

/** A picture's pixels in its own size. */
export async function loadPixels(address: string): Promise<Pixels> {
  const picture = await decode(address);
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser cannot draw pictures.");
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, picture.width, picture.height);
}
