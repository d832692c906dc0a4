/** A network the size of a stamp. */
import { useMemo } from "react";
import type { Catalog } from "../api";
import { cx } from "./cx";
import { formatPlural } from "./format";
import { type Drawable, picture } from "./picture";

export interface NetworkPictureProps {
  architecture: Drawable;
  /** Gives colours and letters; grey without it. */
  catalog: Catalog | undefined;
  /** Layers that are pointed out, such as those that are new. */
  marks?: Readonly<Record<string, PictureMark>>;
  className?: string;
}

export type PictureMark = "added" | "removed" | "changed";

const MARKS: Readonly<Record<PictureMark, { color: string; sign: string }>> = {
  added: { color: "var(--ok)", sign: "+" },
  removed: { color: "var(--bad)", sign: "−" },
  changed: { color: "var(--warn)", sign: "≠" },
};

const TILE = 26;
const STEP = 42;
const LANE = 36;
const PAD = 9;

/** A network the size of a stamp: one tile per layer in its group's colour, flowing to the right. */
export function NetworkPicture({ architecture, catalog, marks, className }: NetworkPictureProps) {
  const drawn = useMemo(() => picture(architecture), [architecture]);
  const looks = useMemo(() => {
    const colors = new Map(catalog?.groups.map((group) => [group.name, group.color]));
    return new Map(
      catalog?.layers.map((layer) => [
        layer.type,
        { glyph: layer.glyph, color: `var(--group-${colors.get(layer.group) ?? "reshaping"})` },
      ]),
    );
  }, [catalog]);

  const width = Math.max(1, drawn.columns - 1) * STEP + TILE + 2 * PAD;
  const height = (drawn.lanes - 1) * LANE + TILE + 2 * PAD;
  const x = (column: number) => PAD + column * STEP;
  const y = (lane: number) => height / 2 + lane * LANE;
  const letters = drawn.columns <= 16 && drawn.lanes <= 6;

  return (
    <svg
      role="img"
      aria-label={`Drawing of a network with ${formatPlural(drawn.nodes.length, "layer")}`}
      viewBox={`0 0 ${width} ${height}`}
      // It takes the room that there is and asks for none, so that no drawing grows its frame.
      className={cx("size-full contain-size", className)}
      style={{ maxWidth: width * 1.25, maxHeight: height * 1.25 }}
    >
      {drawn.wires.map(({ from, to }) => {
        const [x1, y1, x2, y2] = [x(from.column) + TILE, y(from.lane), x(to.column), y(to.lane)];
        const bend = Math.max(8, (x2 - x1) / 2);
        // A wire that skips layers in its own lane swings around them.
        const lift = from.lane === to.lane && to.column - from.column > 1 ? -TILE * 1.1 : 0;
        return (
          <path
            key={`${from.id}→${to.id}`}
            d={`M${x1} ${y1}C${x1 + bend} ${y1 + lift} ${x2 - bend} ${y2 + lift} ${x2} ${y2}`}
            fill="none"
            className="stroke-line-strong"
            strokeWidth="1.8"
          />
        );
      })}
      {drawn.nodes.map((node) => {
        const look = looks.get(node.type);
        const mark = MARKS[marks?.[node.id] as PictureMark];
        return (
          <g key={node.id} transform={`translate(${x(node.column)} ${y(node.lane) - TILE / 2})`}>
            <rect
              width={TILE}
              height={TILE}
              rx="7"
              style={{ fill: look?.color ?? "var(--line-strong)" }}
            />
            {letters && look && (
              <text
                x={TILE / 2}
                y={TILE / 2 + 3.6}
                textAnchor="middle"
                className="fill-on-group font-mono font-semibold"
                fontSize={look.glyph.length > 2 ? 8 : 10}
              >
                {look.glyph}
              </text>
            )}
            {mark && <Mark {...mark} />}
          </g>
        );
      })}
    </svg>
  );
}

/** A frame around a tile with a sign at its corner, so that colour is not all that tells. */
function Mark({ color, sign }: { color: string; sign: string }) {
  return (
    <>
      <rect
        x="-3"
        y="-3"
        width={TILE + 6}
        height={TILE + 6}
        rx="9"
        fill="none"
        strokeWidth="2"
        style={{ stroke: color }}
      />
      <circle cx={TILE + 1} cy="-1" r="5.5" style={{ fill: color }} />
      <text
        x={TILE + 1}
        y="2.2"
        textAnchor="middle"
        fontSize="9"
        className="fill-panel font-semibold"
      >
        {sign}
      </text>
    </>
  );
}
