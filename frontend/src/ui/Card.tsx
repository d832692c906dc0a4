/** A raised surface. */
import type { ComponentProps } from "react";
import { cx } from "./cx";

export function Card({ className, ...rest }: ComponentProps<"div">) {
  return (
    <div {...rest} className={cx("rounded-xl border border-line bg-panel shadow-1", className)} />
  );
}
