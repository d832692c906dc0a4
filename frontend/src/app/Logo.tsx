/** Two threads that cross: the mark of the app. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8.5" className="fill-accent" />
      <path
        d="M8 10h3.5c5 0 4 12 9 12H24M8 22h3.5c5 0 4-12 9-12H24"
        fill="none"
        className="stroke-on-accent"
        strokeWidth="2.3"
        strokeLinecap="round"
      />
    </svg>
  );
}
