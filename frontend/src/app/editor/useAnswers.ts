/** What the server says of the work: its check, and what it proposes for the data. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { checkArchitecture, propose } from "../../api";
import { meaning, reportOf, useActions, useDocument } from "../../editor";

const CHECK_DELAY = 150;

/** The value as it was a moment ago, so that the server is not asked at every key stroke. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), CHECK_DELAY);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Keeps the document's report up to date, and returns the proposal. */
export function useAnswers() {
  const actions = useActions();
  const network = useDocument((state) => state.network);
  const datasetId = useDocument((state) => state.datasetId);
  const recipe = useDocument((state) => state.recipe);
  const text = useMemo(
    () => JSON.stringify({ architecture: meaning(network), dataset_id: datasetId, recipe }),
    [network, datasetId, recipe],
  );
  const settled = useSettled(text);
  const check = useQuery({
    queryKey: ["check", settled],
    queryFn: ({ signal }) => checkArchitecture({ body: JSON.parse(settled), signal }),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const proposal = useQuery({
    queryKey: ["proposal", settled],
    queryFn: ({ signal }) => {
      const { architecture, ...rest } = JSON.parse(settled);
      // An empty canvas asks for a network; one that is begun asks only for its recipe.
      const body = architecture.nodes.length > 0 ? { architecture, ...rest } : rest;
      return propose({ body, signal });
    },
    enabled: datasetId !== null,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    const checking = check.isFetching || settled !== text;
    actions.setReport(reportOf(check.data, check.error, checking));
  }, [actions, check.data, check.error, check.isFetching, settled, text]);
  return proposal;
}
