/** Pictures from the server, decoded by the browser. */
import type { Pixels } from "./pixels";

const UNREACHED = "The image could not be fetched from the server. Try again.";

/** Decode the picture at an address, which may hold the picture itself. */
export async function decode(address: string): Promise<HTMLImageElement> {
  const picture = new Image();
  picture.src = address;
  try {
    await picture.decode();
  } catch {
    throw new Error(UNREACHED);
  }
  return picture;
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

/** A file of the server's. */
export async function fetched(address: string): Promise<Blob> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(UNREACHED);
  return response.blob();
}
