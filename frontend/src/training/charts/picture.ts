/** Charts as files to keep. */
import { saveFile, token } from "../../ui";

/** All drawings inside `container` below each other on one picture with their titles. */
export async function savePicture(container: HTMLElement, name: string): Promise<void> {
  const figures = [...container.querySelectorAll("figure")].flatMap((figure) => {
    const canvas = figure.querySelector("canvas");
    return canvas ? [{ canvas, title: figure.getAttribute("aria-label") ?? "" }] : [];
  });
  if (figures.length === 0) return;
  const ratio = window.devicePixelRatio;
  const head = 30 * ratio;
  const picture = document.createElement("canvas");
  picture.width = Math.max(...figures.map(({ canvas }) => canvas.width));
  picture.height = figures.reduce((sum, { canvas }) => sum + canvas.height + head, 0);
  const context = picture.getContext("2d");
  if (context === null) return;
  context.fillStyle = token("--panel");
  context.fillRect(0, 0, picture.width, picture.height);
  context.font = `600 ${13 * ratio}px Inter Variable, sans-serif`;
  let top = 0;
  for (const { canvas, title } of figures) {
    context.fillStyle = token("--ink");
    context.fillText(title, 10 * ratio, top + 20 * ratio);
    context.drawImage(canvas, 0, top + head);
    top += canvas.height + head;
  }
  const blob = await new Promise<Blob | null>((resolve) => picture.toBlob(resolve));
  if (blob) saveFile(name, blob);
}
