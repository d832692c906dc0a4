/** Asks a run's model about one example, and again a moment after the example has changed. */
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { type OutputPredictions, type Prediction, type Predictions, predict } from "../../api";
import { predictFile } from "../../api/predicting";

const PAUSE = 200;

/** A row by its columns, or a picture as a file, which the server brings to size as it does all. */
export type Example = Record<string, unknown> | File;

/** A file says too little of itself to be known again by; its number does. */
interface Asked {
  example: Example;
  number: number;
}

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
  const [wanted, setWanted] = useState<Asked | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const number = useRef(0);
  const ask = useCallback((example: Example | null) => {
    number.current += 1;
    setWanted(example && { example, number: number.current });
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), asked === null ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [wanted, asked]);

  const example = asked?.example ?? null;
  const query = useQuery({
    queryKey: ["run", runId, "predict", example instanceof File ? asked?.number : example],
    queryFn:
      example === null
        ? skipToken
        : ({ signal }) =>
            example instanceof File
              ? predictFile(runId, { file: example }, 1, signal)
              : predict({ path: { run_id: runId }, body: { rows: [example] }, signal }),
    placeholderData: asked === null ? undefined : keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  return {
    /** Ask about this example; null forgets the answer. */
    ask,
    asked: wanted !== null,
    answers: asked === null || !query.data ? [] : answersOf(query.data),
    /** What the network saw of the picture that was asked about, as PNG in base64. */
    picture:
      wanted !== asked || query.isPlaceholderData ? null : (query.data?.pictures?.[0] ?? null),
    pending: query.isFetching,
    error: query.isFetching ? null : query.error,
    retry: () => void query.refetch(),
  };
}
