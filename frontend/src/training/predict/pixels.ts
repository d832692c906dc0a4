/** Pictures as the network takes them: channels first, 0 to 255. */

/** One picture: [channel][row][column]. */
export type Image = number[][][];

/** Red, green, blue and alpha of every pixel, row by row, as canvases have them. */
export interface Pixels {
  data: ArrayLike<number>;
  width: number;
  height: number;
}

/**
 * A smaller picture by the mean of the area under each of its pixels, as grey (one channel) or in
 * colour. Larger pictures repeat pixels.
 */
export function toImage(pixels: Pixels, channels: number, height: number, width: number): Image {
  const image: Image = Array.from({ length: channels }, () =>
    Array.from({ length: height }, () => new Array<number>(width).fill(0)),
  );
  for (let row = 0; row < height; row += 1) {
    const [top, bottom] = span(row, height, pixels.height);
    for (let column = 0; column < width; column += 1) {
      const [left, right] = span(column, width, pixels.width);
      const color = meanColor(pixels, left, top, right, bottom);
      for (let channel = 0; channel < channels; channel += 1) {
        const value = channels === 1 ? grey(color) : (color[Math.min(channel, 2)] as number);
        ((image[channel] as number[][])[row] as number[])[column] = Math.round(value);
      }
    }
  }
  return image;
}

function span(index: number, count: number, size: number): [number, number] {
  const from = Math.floor((index * size) / count);
  return [from, Math.max(from + 1, Math.floor(((index + 1) * size) / count))];
}

type Color = [number, number, number];

function meanColor(
  { data, width }: Pixels,
  left: number,
  top: number,
  right: number,
  bottom: number,
): Color {
  const sum: Color = [0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const at = (y * width + x) * 4;
      sum[0] += data[at] as number;
      sum[1] += data[at + 1] as number;
      sum[2] += data[at + 2] as number;
    }
  }
  const count = (right - left) * (bottom - top);
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** Brightness as the eye weighs colours (ITU-R BT.601), which is what image files become grey by. */
function grey([red, green, blue]: Color): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** Mean brightness of a picture's rim: what its paper is. */
export function rimBrightness({ data, width, height }: Pixels): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
      const at = (y * width + x) * 4;
      sum += grey([data[at] as number, data[at + 1] as number, data[at + 2] as number]);
      count += 1;
    }
  }
  return count > 0 ? sum / count : 0;
}
