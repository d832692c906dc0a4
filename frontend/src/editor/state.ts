/** What the editor knows of an open network: the work, and what is only seen. */

import type { TemporalState } from "zundo";
import type { StoreApi } from "zustand";
import type { Catalog } from "../api";
import type { Inside } from "./blocks/level";
import type { Draft, LayerTypes } from "./draft";
import type { WireEnd } from "./insert";
import type { Point } from "./places";
import type { Report } from "./report";
import type { Work } from "./work";

export interface Selection {
  readonly nodes: readonly string[];
  /** Keys of wires. */
  readonly edges: readonly string[];
}

/** How lively a layer is while training: drawn as a quiet bar on it. */
export interface Activity {
  /** Filled share of the bar, 0 to 1. */
  readonly level: number;
  readonly tone: "ok" | "warn" | "bad";
  /** Read out, and shown as a tooltip. */
  readonly label: string;
}

/** Something that was noticed of a layer in training. */
export interface Mark {
  readonly title: string;
  readonly severity: "error" | "warning" | "suggestion";
}

/** A field of the selected layer: the one that names it, or its first parameter. */
export type Wish = "title" | "params";

/** Where the search was opened, and so what it finds: what fits there, or what may be fed. */
export type SearchPlace =
  | { readonly kind: "selection"; readonly screen: Point }
  | { readonly kind: "free"; readonly screen: Point; readonly at: Point }
  | {
      readonly kind: "wire";
      readonly screen: Point;
      readonly at: Point;
      readonly wire: WireEnd;
    }
  | { readonly kind: "edge"; readonly screen: Point; readonly edge: string }
  | { readonly kind: "connect"; readonly screen: Point; readonly from: string };

export interface EditorState extends Work {
  /** The block that is open, by the way to it; empty when the network is on the canvas. */
  readonly inside: Inside;
  /** The name of that block. */
  readonly open: string | null;
  /** What is on the canvas. */
  readonly draft: Draft;
  readonly catalog: Catalog;
  readonly types: LayerTypes;
  readonly selection: Selection;
  readonly report: Report;
  readonly activity: Readonly<Record<string, Activity>>;
  readonly marks: Readonly<Record<string, readonly Mark[]>>;
  readonly search: SearchPlace | null;
  /** Where in the inspector the focus is wanted; the inspector grants it once it shows the field. */
  readonly wish: Wish | null;
  /** What a screen reader should say next. */
  readonly announcement: string;
}

/** The work, and the block in which it came to be so. */
export type Past = Work & Pick<EditorState, "inside">;

/** The work as it was, and as it was before undo. */
export type History = TemporalState<Past>;
export type DocumentStore = StoreApi<EditorState> & { temporal: StoreApi<History> };

export function workOf({ network, datasetId, recipe }: Work): Work {
  return { network, datasetId, recipe };
}
