/** A page that is being fetched. */
import { Spinner } from "../ui";

/** A page that is being fetched; unseen when it comes within 300 ms. */
export function PageWait() {
  return (
    <div className="grid h-full animate-appear-late place-items-center">
      <Spinner label="Loading …" />
    </div>
  );
}
