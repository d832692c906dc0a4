/** What is carried while a layer type is dragged from the palette. */
export const DRAGGED_TYPE = "application/x-neuroloom-layer";
