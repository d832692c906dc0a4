/** What is carried while something is dragged from the palette: an addition as JSON. */
export const DRAGGED_TYPE = "application/x-neuroloom-layer";
