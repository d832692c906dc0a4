/** Layers by their path: inside a block "block.layer", or "block.0.layer" where it is repeated. */

export interface LayerPath {
  /** The layers from the network inwards, the last one itself. */
  readonly layers: readonly string[];
  /** The copy of the innermost block that it lies in, from 1; null where there is one. */
  readonly copy: number | null;
}

export function readPath(path: string): LayerPath {
  const parts = path.split(".");
  const within = parts.at(-2);
  return {
    layers: parts.filter((part) => !isCopy(part)),
    copy: within !== undefined && isCopy(within) ? Number(within) + 1 : null,
  };
}

/** "encoder › copy 2 › dense" */
export function sayPath(path: string): string {
  const parts = path.split(".");
  return parts.map((part) => (isCopy(part) ? `copy ${Number(part) + 1}` : part)).join(" › ");
}

/** The paths of a layer on the canvas, whatever copy it lies in, while these blocks are open. */
export function pathsOf(
  paths: readonly string[],
  inside: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const path of paths) {
    const { layers } = readPath(path);
    const own = layers.at(-1);
    if (own === undefined || layers.length !== inside.length + 1) continue;
    if (!inside.every((id, index) => layers[index] === id)) continue;
    found.set(own, [...(found.get(own) ?? []), path]);
  }
  return found;
}

function isCopy(part: string): boolean {
  return /^\d+$/.test(part);
}
