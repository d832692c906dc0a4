/** Draws a page at an address, with a client of its own, for tests. */
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import type { ReactElement } from "react";
import { expect } from "vitest";
import { Route, Router, Switch } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import { createQueryClient } from "../api/queries";

export interface Shown {
  user: ReturnType<typeof userEvent.setup>;
  container: HTMLElement;
  /** The addresses that were opened, the newest last. */
  history: string[];
}

/** `route` is the page's own pattern; any other address shows nothing. */
export function show(page: ReactElement, path = "/", route = path): Shown {
  const client = createQueryClient();
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  const location = memoryLocation({ path, record: true });
  const { container } = render(
    <QueryClientProvider client={client}>
      <Router hook={location.hook} searchHook={location.searchHook}>
        <Switch>
          <Route path={route}>{page}</Route>
        </Switch>
      </Router>
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), container, history: location.history };
}

/** Fails with what axe finds. Colours need a real browser; tokens.test.ts checks them. */
export async function expectAccessible(container: HTMLElement): Promise<void> {
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}
