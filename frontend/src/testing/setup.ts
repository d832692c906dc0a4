/** What the tests ask of happy-dom and it does not have. */
import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// What menus and selects ask of a browser and happy-dom does not have.
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.setPointerCapture ??= () => {};
Element.prototype.releasePointerCapture ??= () => {};
Element.prototype.scrollIntoView ??= () => {};

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
