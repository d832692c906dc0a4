/** The three problems as pictures. */

const POINTS: [number, number][] = [
  [22, 88],
  [34, 78],
  [45, 84],
  [56, 66],
  [66, 71],
  [78, 57],
  [90, 62],
  [101, 47],
  [113, 50],
  [124, 36],
  [137, 41],
  [150, 24],
  [160, 30],
];

const line = (x: number) => 93 - (x - 14) * 0.43;

/** Points, the line through them, and how far each is off. */
export function NumberDrawing() {
  return (
    <svg viewBox="0 0 180 112" className="h-[86%]" aria-hidden="true">
      {POINTS.map(([x, y]) => (
        <path
          key={x}
          d={`M${x} ${y}V${line(x)}`}
          className="opacity-0 transition-opacity duration-300 group-hover:opacity-100"
          style={{ stroke: "var(--curve-train)" }}
          strokeWidth="1.2"
        />
      ))}
      <path
        d={`M14 ${line(14)}L168 ${line(168)}`}
        className="stroke-accent"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      {POINTS.map(([x, y]) => (
        <circle
          key={x}
          cx={x}
          cy={y}
          r="3.2"
          className="stroke-sunken"
          style={{ fill: "var(--group-convolution)" }}
        />
      ))}
    </svg>
  );
}

const LEFT: [number, number][] = [
  [36, 34],
  [48, 26],
  [58, 40],
  [42, 48],
  [64, 28],
  [30, 56],
  [54, 58],
  [72, 46],
];
const RIGHT: [number, number][] = [
  [112, 66],
  [124, 54],
  [136, 70],
  [118, 84],
  [142, 52],
  [130, 88],
  [150, 78],
  [104, 86],
];
const BELOW: [number, number][] = [
  [38, 92],
  [52, 86],
  [62, 98],
  [74, 88],
  [48, 102],
];

function Shapes({
  points,
  color,
  kind,
}: {
  points: [number, number][];
  color: string;
  kind: number;
}) {
  return points.map(([x, y]) => {
    const d = [
      `M${x - 3.4} ${y}a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0 -6.8 0`,
      `M${x} ${y - 4}l4 7h-8z`,
      `M${x - 3.2} ${y - 3.2}h6.4v6.4h-6.4z`,
    ][kind];
    return <path key={`${x},${y}`} d={d} style={{ fill: color }} />;
  });
}

/** Three kinds of points and the borders between them. */
export function ClassesDrawing() {
  return (
    <svg viewBox="0 0 180 112" className="h-[86%]" aria-hidden="true">
      <path
        d="M104 6C88 34 92 58 84 72S84 92 92 108M84 72C66 70 40 70 12 76"
        fill="none"
        className="stroke-ink-3 transition-[stroke-dashoffset] duration-700 group-hover:[stroke-dashoffset:-18]"
        strokeWidth="1.6"
        strokeDasharray="5 4"
        strokeLinecap="round"
      />
      <Shapes points={LEFT} color="var(--group-core)" kind={0} />
      <Shapes points={RIGHT} color="var(--group-regularization)" kind={1} />
      <Shapes points={BELOW} color="var(--group-recurrent)" kind={2} />
    </svg>
  );
}

const DIGIT = ["01111100", "01000110", "00000110", "00001100", "00011000", "00110000", "00110000"];
const SHARES = [0.06, 0.1, 0.94, 0.04];

/** A digit in pixels, and what a network says to it. */
export function ImagesDrawing() {
  return (
    <svg viewBox="0 0 180 112" className="h-[86%]" aria-hidden="true">
      {DIGIT.flatMap((row, y) =>
        [...row].map((cell, x) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a pixel is its place
            key={`${x},${y}`}
            x={18 + x * 11}
            y={17 + y * 11}
            width="10"
            height="10"
            rx="2"
            style={{
              fill: cell === "1" ? "var(--ink)" : "var(--line)",
              opacity: cell === "1" ? 0.62 + ((x * 7 + y * 5) % 5) * 0.09 : 0.7,
            }}
          />
        )),
      )}
      {SHARES.map((share, index) => (
        <g key={share} transform={`translate(122 ${24 + index * 18})`}>
          <rect width="42" height="8" rx="4" className="fill-line" />
          <rect
            width={42 * share}
            height="8"
            rx="4"
            className="origin-left transition-transform duration-300 group-hover:scale-x-105"
            style={{ fill: share > 0.5 ? "var(--accent)" : "var(--curve-train)" }}
          />
        </g>
      ))}
    </svg>
  );
}
