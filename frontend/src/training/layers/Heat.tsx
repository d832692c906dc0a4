/** The histograms of a layer over time, drawn: time to the right, the numbers upwards. */
import { useEffect, useRef, useState } from "react";
import type { TensorStatistics } from "../../api";
import { token, useTheme } from "../../ui";
import { column, rangeOf } from "./heat";

export interface HeatProps {
  looks: readonly (TensorStatistics | null | undefined)[];
  /** Read out instead of the drawing. */
  summary: string;
}

const HEIGHT = 40;

export function Heat({ looks, summary }: HeatProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const { theme } = useTheme();

  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    const context = element.getContext("2d");
    if (context === null || width === 0) return;
    const ratio = window.devicePixelRatio;
    element.width = width * ratio;
    element.height = HEIGHT * ratio;
    const range = rangeOf(looks);
    if (range === null) return;
    const { low, high } = range;
    if (low < 0 && high > 0) {
      context.fillStyle = token("--grid");
      context.fillRect(0, (high / (high - low)) * element.height, element.width, ratio);
    }
    context.fillStyle = token("--accent");
    const step = element.width / looks.length;
    looks.forEach((look, index) => {
      const left = Math.floor(index * step);
      const right = Math.max(left + 1, Math.floor((index + 1) * step));
      for (const { bottom, top, share } of column(look, range)) {
        // The root lets sparse tails be seen beside a full middle.
        context.globalAlpha = 0.08 + 0.92 * Math.sqrt(share);
        const upper = (1 - top) * element.height;
        const lower = Math.max(upper + ratio, (1 - bottom) * element.height);
        context.fillRect(left, upper, right - left, lower - upper);
      }
    });
    context.globalAlpha = 1;
  }, [looks, width, theme]);

  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={summary}
      title={summary}
      style={{ height: HEIGHT }}
      className="block w-full rounded-sm bg-sunken"
    />
  );
}
