/** What the server refused of a setting, with the fix that it offers. */
import { createContext, useContext } from "react";
import type { Fix } from "../../api";
import { Button } from "../../ui";
import type { RecipeProblem } from "./problems";

/** Applies a fix to the recipe. */
export const ApplyFix = createContext<((fix: Fix) => void) | null>(null);

export function ProblemNote({ problem }: { problem: RecipeProblem }) {
  return (
    <div>
      <p role="alert" className="text-xs text-bad">
        {problem.message}
      </p>
      <FixButton fix={problem.fix} />
    </div>
  );
}

export function FixButton({ fix }: { fix: Fix | null | undefined }) {
  const apply = useContext(ApplyFix);
  if (!fix || !apply || fix.changes.some(({ op }) => op !== "set_recipe")) return null;
  return (
    <Button size="sm" className="mt-1.5" onClick={() => apply(fix)}>
      {fix.title}
    </Button>
  );
}
