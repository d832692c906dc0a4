/** The way to the reference, beside what it tells of. */
import { ExternalLink } from "lucide-react";

export interface ReadMoreProps {
  /** The catalogue's list that it is in, and its type there. */
  kind: string;
  type: string;
  title: string;
}

/** Opens beside the app, so that what is being made stays in view. */
export function ReadMore({ kind, type, title }: ReadMoreProps) {
  return (
    <a
      href={`/learn/reference/${kind}/${type}`}
      target="_blank"
      rel="noopener"
      aria-label={`Read more about ${title} (opens a new tab)`}
      className="inline-flex items-center gap-1 text-xs whitespace-nowrap text-accent hover:underline"
    >
      Read more
      <ExternalLink aria-hidden="true" className="size-3" />
    </a>
  );
}
