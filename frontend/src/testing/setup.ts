/** What the tests ask of happy-dom and it does not have. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// What menus and selects ask of a browser and happy-dom does not have.
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.setPointerCapture ??= () => {};
Element.prototype.releasePointerCapture ??= () => {};
Element.prototype.scrollIntoView ??= () => {};

// Waits end with what they wait for; a busy machine only takes longer to get there.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
