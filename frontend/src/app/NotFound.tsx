/** The page for an address that has none. */
import { Compass } from "lucide-react";
import { Link } from "wouter";
import { buttonClass, EmptyState, useTitle } from "../ui";

export function NotFound() {
  useTitle("Not found");
  return (
    <div className="mx-auto grid h-full max-w-xl place-items-center p-6">
      <EmptyState
        page
        icon={<Compass />}
        title="There is no page at this address"
        action={
          <Link href="/" className={buttonClass("primary")}>
            Go home
          </Link>
        }
      >
        It may have been deleted, or the address was cut off when it was copied.
      </EmptyState>
    </div>
  );
}
