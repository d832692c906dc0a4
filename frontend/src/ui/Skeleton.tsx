/** The shape of what is being fetched. */
import { cx } from "./cx";

/** The shape of what is being fetched; unseen when the answer comes within 300 ms. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div aria-hidden="true" className={cx("animate-appear-late", className)}>
      <div className="size-full min-h-3 animate-breathe rounded-md bg-line" />
    </div>
  );
}
