/** The routes, each fetched when it is first opened. */
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Redirect, Route, Switch } from "wouter";
import { createQueryClient } from "../api/queries";
import { Toaster } from "../ui";
import { ErrorBoundary } from "./ErrorBoundary";
import { NotFound } from "./NotFound";
import { PageWait } from "./PageWait";
import { Shell } from "./Shell";

const Home = lazy(() => import("../home"));
const Networks = lazy(() => import("../networks"));
const EditorScreen = lazy(() => import("./editor/EditorScreen"));
const Datasets = lazy(() => import("../datasets"));
const DatasetPage = lazy(() => import("../datasets/DatasetPage"));
const Runs = lazy(() => import("../runs"));
const Reference = lazy(() => import("../learn/Reference"));
const CrossValidation = lazy(() => import("../runs/CrossValidation"));
const RunScreen = lazy(() => import("./RunScreen"));

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <Shell>
        <ErrorBoundary>
          <Suspense fallback={<PageWait />}>
            <Switch>
              <Route path="/" component={Home} />
              <Route path="/networks" component={Networks} />
              <Route path="/networks/:id" component={EditorScreen} />
              <Route path="/datasets" component={Datasets} />
              <Route path="/datasets/:id" component={DatasetPage} />
              <Route path="/runs" component={Runs} />
              <Route path="/runs/:id" component={RunScreen} />
              <Route path="/cross-validations/:id" component={CrossValidation} />
              <Route path="/learn/reference/:kind?/:name?" component={Reference} />
              <Route path="/learn">
                <Redirect to="/learn/reference" replace />
              </Route>
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </Shell>
      <Toaster />
    </QueryClientProvider>
  );
}
