/** Documents: an architecture read into a draft with every field present, and written again. */
import type { Architecture, BlockDefinition, BlockParameter } from "../api";
import type { Block, Body, Draft } from "./draft";
import { headingOf, type Point } from "./places";

/** Fill in what a document may leave out. Positions that are not two finite numbers are dropped. */
export function readDraft(architecture: Architecture): Draft {
  const body = readBody(architecture);
  return {
    format: "neuroloom/1",
    name: architecture.name ?? "Untitled",
    ...body,
    ...ifAny(architecture.blocks ?? {}, (block) => readBlock(block as BlockDefinition)),
    heading: headingOf(body.edges, body.layout),
  };
}

function readBody({ nodes, edges, layout }: Pick<Architecture, "nodes" | "edges" | "layout">) {
  const places: Record<string, Point> = {};
  for (const [id, at] of Object.entries(layout ?? {})) {
    if (Array.isArray(at) && at.length === 2 && at.every(Number.isFinite)) {
      places[id] = [at[0], at[1]];
    }
  }
  return {
    nodes: (nodes ?? []).map((node) => ({ ...node, params: node.params ?? {} })),
    edges: (edges ?? []).map((edge) => ({ ...edge })),
    layout: places,
  };
}

function readBlock(block: BlockDefinition): Block {
  const { title, summary } = block;
  return {
    ...(title ? { title } : {}),
    ...(summary ? { summary } : {}),
    ...readBody(block),
    parameters: { ...(block.parameters as Record<string, BlockParameter> | undefined) },
  };
}

/** The blocks as a part of an object that has none where there are none. */
function ifAny<From, To>(
  blocks: Readonly<Record<string, From>>,
  change: (block: From) => To,
): { blocks?: Record<string, To> } {
  const entries = Object.entries(blocks).map(([name, block]) => [name, change(block)]);
  return entries.length > 0 ? { blocks: Object.fromEntries(entries) } : {};
}

/** The document as the server takes it: positions of layers that are gone are left out. */
export function writeDraft(draft: Draft): Architecture {
  return {
    format: draft.format,
    name: draft.name,
    ...writeBody(draft),
    ...ifAny(draft.blocks ?? {}, writeBlock),
  };
}

/** A block as the server takes it. */
export function writeBlock(block: Block): BlockDefinition {
  const { title, summary, parameters } = block;
  return {
    ...(title ? { title } : {}),
    ...(summary ? { summary } : {}),
    ...writeBody(block),
    ...(parameters && Object.keys(parameters).length > 0 ? { parameters } : {}),
  };
}

function writeBody(body: Body) {
  const layout: Record<string, [number, number]> = {};
  for (const { id } of body.nodes) {
    const at = body.layout[id];
    if (at) layout[id] = [at[0], at[1]];
  }
  return {
    nodes: body.nodes.map((node) => ({ ...node, params: { ...node.params } })),
    edges: body.edges.map((edge) => ({ ...edge })),
    layout,
  };
}

/** The part of the document that numbers and checks depend on: no layout, no names, no titles. */
export function meaning(draft: Draft): Architecture {
  return {
    format: draft.format,
    ...meaningOf(draft),
    // The source has a class for each block, with what the block is called.
    ...ifAny(draft.blocks ?? {}, ({ title, summary, parameters, ...body }) => ({
      ...(title ? { title } : {}),
      ...(summary ? { summary } : {}),
      ...meaningOf(body),
      ...(parameters && Object.keys(parameters).length > 0 ? { parameters } : {}),
    })),
  };
}

function meaningOf(body: Body) {
  return {
    nodes: body.nodes.map(({ id, type, params, shares }) => ({
      id,
      type,
      params: { ...params },
      ...(shares ? { shares } : {}),
    })),
    edges: body.edges.map((edge) => ({ ...edge })),
  };
}
