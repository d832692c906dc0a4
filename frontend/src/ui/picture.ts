/** Where the layers of a small drawing of a network stand: columns by depth, lanes by layout. */

/** What it takes to draw a network small: an architecture has it, and so has an outline of one. */
export interface Drawable {
  readonly nodes?: readonly { readonly id: string; readonly type: string }[];
  readonly edges?: readonly { readonly source: string; readonly target: string }[];
  readonly layout?: Readonly<Record<string, unknown>>;
}

export interface Placed {
  id: string;
  type: string;
  column: number;
  /** 0 is the middle; half lanes when a column holds an even number. */
  lane: number;
}

export interface Picture {
  nodes: Placed[];
  wires: { from: Placed; to: Placed }[];
  columns: number;
  lanes: number;
}

/** The longest way from a layer without inputs; wires that close a cycle count as none. */
function depths(ids: string[], sources: Map<string, string[]>): Map<string, number> {
  const depth = new Map<string, number>();
  const open = new Set<string>();
  const visit = (root: string) => {
    const stack: [string, number][] = [[root, 0]];
    open.add(root);
    while (stack.length) {
      const top = stack[stack.length - 1] as [string, number];
      const [id, next] = top;
      const before = sources.get(id) ?? [];
      if (next < before.length) {
        top[1] += 1;
        const source = before[next] as string;
        if (!depth.has(source) && !open.has(source)) {
          open.add(source);
          stack.push([source, 0]);
        }
        continue;
      }
      depth.set(id, Math.max(0, ...before.map((source) => (depth.get(source) ?? -1) + 1)));
      open.delete(id);
      stack.pop();
    }
  };
  for (const id of ids) if (!depth.has(id)) visit(id);
  return depth;
}

export function picture(architecture: Drawable): Picture {
  const nodes = architecture.nodes ?? [];
  const known = new Set(nodes.map((node) => node.id));
  const edges = (architecture.edges ?? []).filter(
    (edge) => known.has(edge.source) && known.has(edge.target),
  );
  const sources = new Map<string, string[]>();
  for (const edge of edges) {
    sources.set(edge.target, [...(sources.get(edge.target) ?? []), edge.source]);
  }
  const depth = depths([...known], sources);

  const byColumn = new Map<number, typeof nodes>();
  for (const node of nodes) {
    const column = depth.get(node.id) ?? 0;
    byColumn.set(column, [...(byColumn.get(column) ?? []), node]);
  }
  const across = (id: string) => {
    const place = architecture.layout?.[id];
    return Array.isArray(place) && typeof place[0] === "number" ? place[0] : 0;
  };
  const placed = new Map<string, Placed>();
  let lanes = 1;
  for (const [column, members] of byColumn) {
    const ordered = [...members].sort((a, b) => across(a.id) - across(b.id));
    lanes = Math.max(lanes, ordered.length);
    ordered.forEach((node, index) => {
      placed.set(node.id, {
        id: node.id,
        type: node.type,
        column,
        lane: index - (ordered.length - 1) / 2,
      });
    });
  }
  return {
    nodes: [...placed.values()],
    wires: edges.flatMap((edge) => {
      const from = placed.get(edge.source);
      const to = placed.get(edge.target);
      return from && to ? [{ from, to }] : [];
    }),
    columns: byColumn.size,
    lanes,
  };
}
