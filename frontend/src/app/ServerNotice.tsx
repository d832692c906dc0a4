/** A bar across the top while the server does not answer. */
import { useQuery } from "@tanstack/react-query";
import { CloudOff } from "lucide-react";
import { ApiError } from "../api";
import { healthQuery } from "../api/queries";
import { Button } from "../ui";

/** A bar across the top while the server does not answer. */
export function ServerNotice() {
  const { error, refetch, isFetching } = useQuery(healthQuery());
  if (!error) return null;
  const away = !(error instanceof ApiError) || error.status === 0 || error.status >= 502;
  return (
    <div
      role="alert"
      className="flex items-center gap-3 border-b border-warn/30 bg-warn-soft px-4 py-2 text-ink"
    >
      <CloudOff className="size-4 shrink-0 text-warn" aria-hidden="true" />
      <p className="flex-1">
        {away
          ? "The server does not answer. What you make is kept on this page and saved when it is back; training goes on without the browser."
          : error.message}
      </p>
      <Button size="sm" loading={isFetching} onClick={() => refetch()}>
        Try again
      </Button>
    </div>
  );
}
