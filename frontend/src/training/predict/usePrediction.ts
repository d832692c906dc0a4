/** Asks a run's model about one example, and again a moment after the example has changed. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type OutputPredictions, type Prediction, type Predictions, predict } from "../../api";

const PAUSE = 200;

/** What one Output says of the example. */
export interface OutputAnswer {
  node: string;
  target: string;
  prediction: Prediction;
}

/** What each Output says, also where there is only one. */
export function outputsOf({ target, predictions, outputs = [] }: Predictions): OutputPredictions[] {
  return outputs.length > 0 ? outputs : [{ node: target, target, predictions }];
}

function answersOf(told: Predictions): OutputAnswer[] {
  return outputsOf(told).flatMap(({ node, target, predictions: [prediction] }) =>
    prediction ? [{ node, target, prediction }] : [],
  );
}

export function usePrediction(runId: string) {
  const [wanted, setWanted] = useState<Record<string, unknown> | null>(null);
  const [asked, setAsked] = useState<Record<string, unknown> | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), asked === null ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [wanted, asked]);

  const query = useQuery({
    queryKey: ["run", runId, "predict", asked],
    queryFn: ({ signal }) =>
      predict({
        path: { run_id: runId },
        body: { rows: [asked as Record<string, unknown>] },
        signal,
      }),
    enabled: asked !== null,
    placeholderData: asked === null ? undefined : keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  return {
    /** Ask about this example; null forgets the answer. */
    ask: setWanted,
    asked: wanted !== null,
    answers: asked === null || !query.data ? [] : answersOf(query.data),
    pending: query.isFetching,
    error: query.isFetching ? null : query.error,
    retry: () => void query.refetch(),
  };
}
