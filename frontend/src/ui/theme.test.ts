import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { setTheme, useTheme } from "./theme";

afterEach(() => {
  vi.unstubAllGlobals();
  setTheme("system");
  delete document.documentElement.dataset.theme;
});

it("follows the page, whose tokens are what drawings read, not the system ahead of it", () => {
  setTheme("system");
  document.documentElement.dataset.theme = "light";
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener() {} }));
  const { result } = renderHook(useTheme);
  expect(result.current.theme).toBe("light");

  act(() => setTheme("system"));

  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(result.current.theme).toBe("dark");
});
