/** Layers as text: what copy writes is an architecture, and paste takes any architecture. */
import type { Architecture } from "../api";
import { heldBlocks, withBlocks } from "./blocks/library";
import { readDraft, writeDraft } from "./document";
import {
  type Draft,
  freshId,
  idsOf,
  type LayerTypes,
  type Outcome,
  refuse,
  renamed,
} from "./draft";
import type { Point } from "./places";

/** The selected layers and the wires between them, as an architecture in JSON. */
export function copyNodes(draft: Draft, ids: readonly string[]): string {
  return JSON.stringify(writeDraft(partOf(draft, ids)), null, 2);
}

/** Read text as a part of a network; the reason tells why it cannot be one. */
export function readPart(text: string, types: LayerTypes): Outcome<{ part: Draft }> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("Expected an architecture in JSON, found other text. Copy layers, then paste.");
  }
  if (!isArchitecture(value)) {
    return refuse('Expected JSON with "format": "neuroloom/1" and "nodes", found other JSON.');
  }
  const part = readDraft(value);
  const ids = idsOf(part);
  if (ids.size < part.nodes.length) return refuse("Two layers of this architecture share an id.");
  const unknown = part.nodes.find((node) => !types.has(node.type));
  if (unknown) {
    return refuse(`There is no layer type ${unknown.type} (layer ${unknown.id}).`);
  }
  const loose = part.edges.find((edge) => !ids.has(edge.source) || !ids.has(edge.target));
  if (loose) {
    return refuse(
      `A wire from ${loose.source} to ${loose.target} names a layer that is not there.`,
    );
  }
  return { ok: true, part };
}

function isArchitecture(value: unknown): value is Architecture {
  if (!isRecord(value) || value.format !== "neuroloom/1" || !Array.isArray(value.nodes)) {
    return false;
  }
  const nodes = value.nodes.every(
    (node: unknown) =>
      isRecord(node) &&
      typeof node.id === "string" &&
      typeof node.type === "string" &&
      (node.params === undefined || isRecord(node.params)),
  );
  const edges = value.edges ?? [];
  return (
    nodes &&
    Array.isArray(edges) &&
    edges.every(
      (edge: unknown) =>
        isRecord(edge) && typeof edge.source === "string" && typeof edge.target === "string",
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Put a part into the draft under fresh ids. Its upper left corner goes to `at`; without it, a
 * little below and right of where it was. An empty draft becomes the part, ids and name included.
 */
export function pastePart(draft: Draft, given: Draft, at?: Point): { draft: Draft; ids: string[] } {
  const { part, blocks } = withBlocks(given, draft.blocks ?? {});
  const held = Object.keys(blocks).length > 0 ? { blocks } : {};
  if (draft.nodes.length === 0) {
    const name = draft.name === "Untitled" ? part.name : draft.name;
    const parameters = draft.parameters ? { parameters: draft.parameters } : {};
    const pasted = { ...part, ...held, ...parameters, name };
    return { draft: pasted, ids: part.nodes.map((node) => node.id) };
  }
  const taken = idsOf(draft);
  const names = new Map<string, string>();
  for (const { id } of part.nodes) {
    const fresh = freshId(id, taken);
    taken.add(fresh);
    names.set(id, fresh);
  }
  const name = (id: string) => names.get(id) ?? id;
  const places = Object.values(part.layout);
  const left = Math.min(...places.map(([x]) => x));
  const top = Math.min(...places.map(([, y]) => y));
  const [dx, dy] = at ? [at[0] - left, at[1] - top] : [40, 40];
  const layout: Record<string, Point> = { ...draft.layout };
  for (const [id, [x, y]] of Object.entries(part.layout)) layout[name(id)] = [x + dx, y + dy];
  return {
    ids: [...names.values()],
    draft: {
      ...draft,
      nodes: [...draft.nodes, ...part.nodes.map((node) => renamed(node, name))],
      edges: [
        ...draft.edges,
        ...part.edges.map((edge) => ({
          ...edge,
          source: name(edge.source),
          target: name(edge.target),
        })),
      ],
      layout,
      ...held,
    },
  };
}

/** A second copy of the selected layers, wired among themselves, beside the first. */
export function duplicateNodes(
  draft: Draft,
  ids: readonly string[],
): { draft: Draft; ids: string[] } {
  const part = partOf(draft, ids);
  return part.nodes.length === 0 ? { draft, ids: [] } : pastePart(draft, part);
}

/** Some layers as a draft of their own, with the wires between them and the blocks they are of. */
export function partOf({ parameters: _, ...draft }: Draft, ids: readonly string[]): Draft {
  const chosen = new Set(ids);
  const nodes = draft.nodes.filter((node) => chosen.has(node.id));
  return {
    ...draft,
    nodes,
    edges: draft.edges.filter((edge) => chosen.has(edge.source) && chosen.has(edge.target)),
    layout: Object.fromEntries(Object.entries(draft.layout).filter(([id]) => chosen.has(id))),
    blocks: heldBlocks(draft.blocks ?? {}, nodes),
  };
}
