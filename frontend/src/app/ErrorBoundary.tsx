/** Catches a page that fails to draw. */
import { TriangleAlert } from "lucide-react";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { Button, EmptyState } from "../ui";

interface State {
  error: Error | null;
  trace: string;
}

/**
 * Catches a page that fails to draw. What the user made lives outside the page (the editor's store,
 * the server), so drawing it again loses nothing.
 */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null, trace: "" };

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  override componentDidCatch(_error: Error, info: ErrorInfo) {
    this.setState({ trace: info.componentStack ?? "" });
  }

  override render() {
    const { error, trace } = this.state;
    if (!error) return this.props.children;
    const details = `${error.name}: ${error.message}\n${error.stack ?? ""}\n${trace}`;
    return (
      <div role="alert" className="mx-auto grid h-full max-w-xl place-items-center p-6">
        <EmptyState
          page
          icon={<TriangleAlert />}
          title="This page could not be drawn"
          action={
            <>
              <Button variant="primary" onClick={() => this.setState({ error: null, trace: "" })}>
                Draw it again
              </Button>
              <Button onClick={() => location.reload()}>Reload the page</Button>
              <Button variant="ghost" onClick={() => navigator.clipboard?.writeText(details)}>
                Copy details
              </Button>
            </>
          }
        >
          <p>Your work is kept: networks are saved as you edit and runs go on without this page.</p>
          <p className="mt-2 font-mono text-xs break-words text-ink-3">{error.message}</p>
        </EmptyState>
      </div>
    );
  }
}
