/** A small canvas in the proportions of the network's images, to draw on with pointer or finger. */
import { type PointerEvent, type Ref, useEffect, useImperativeHandle, useRef } from "react";
import type { ImageShape } from "../../api";
import type { Pixels } from "./pixels";

export interface DrawingBoardHandle {
  clear(): void;
  show(picture: HTMLImageElement): void;
  read(): Pixels | null;
}

export interface DrawingBoardProps {
  shape: ImageShape;
  /** Light ink on dark paper, as the data's images are. */
  dark: boolean;
  /** While drawing and when a stroke ends. */
  onStroke(): void;
  ref?: Ref<DrawingBoardHandle>;
}

const SIDE = 256;

export function DrawingBoard({ shape, dark, onStroke, ref }: DrawingBoardProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | null>(null);
  // A whole number of canvas pixels under each of the network's, so that none is weighed unevenly.
  const cell = Math.max(1, Math.floor(SIDE / Math.max(shape.height, shape.width)));
  const width = shape.width * cell;
  const height = shape.height * cell;

  const context = () => canvas.current?.getContext("2d", { willReadFrequently: true }) ?? null;
  const clear = () => {
    const pen = context();
    if (pen === null) return;
    pen.fillStyle = dark ? "#000" : "#fff";
    pen.fillRect(0, 0, width, height);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the paper is new when its colour or size is
  useEffect(clear, [dark, width, height]);

  useImperativeHandle(ref, () => ({
    clear,
    show: (picture) => {
      const pen = context();
      if (pen === null) return;
      clear();
      pen.imageSmoothingEnabled = picture.width > shape.width;
      pen.imageSmoothingQuality = "high";
      pen.drawImage(picture, 0, 0, width, height);
    },
    read: () => context()?.getImageData(0, 0, width, height) ?? null,
  }));

  const place = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * width,
      y: ((event.clientY - box.top) / box.height) * height,
    };
  };
  const stroke = (event: PointerEvent<HTMLCanvasElement>) => {
    const pen = context();
    if (pen === null || last.current === null) return;
    const to = place(event);
    pen.strokeStyle = dark ? "#fff" : "#000";
    pen.lineCap = "round";
    pen.lineJoin = "round";
    pen.lineWidth = Math.max(cell * 1.2, Math.min(width, height) / 11);
    pen.beginPath();
    pen.moveTo(last.current.x, last.current.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    last.current = to;
    onStroke();
  };

  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      aria-label={`Drawing board, ${shape.width} by ${shape.height} pixels`}
      data-testid="drawing-board"
      // In the editor's drawer there is less height than beside it.
      className="block h-auto max-w-full in-data-[pane=run]:max-h-46 in-data-[pane=run]:w-auto cursor-crosshair touch-none rounded-md border border-line-strong"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        last.current = place(event);
        stroke(event);
      }}
      onPointerMove={stroke}
      onPointerUp={() => {
        last.current = null;
      }}
      onPointerCancel={() => {
        last.current = null;
      }}
    />
  );
}
