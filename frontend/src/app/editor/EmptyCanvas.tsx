/** What an empty canvas says, and the way to a first network. */
import { Sparkles } from "lucide-react";
import type { Architecture } from "../../api";
import { readDraft, useActions } from "../../editor";
import { Button, EmptyState } from "../../ui";

export function EmptyCanvas({ proposed }: { proposed: Architecture | undefined }) {
  const actions = useActions();
  return (
    <EmptyState
      icon={<Sparkles />}
      title="An empty canvas"
      action={
        proposed && (
          <Button
            variant="primary"
            onClick={() => actions.replace({ network: readDraft(proposed) })}
          >
            Use the proposed network
          </Button>
        )
      }
    >
      Drag layers here from the left, double-click, or press Tab to search for one.
      {!proposed && " Choose a dataset in the tab Data to have a first network proposed."}
    </EmptyState>
  );
}
