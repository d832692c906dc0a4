/** A field that finds something in what is shown. */
import { Search } from "lucide-react";
import { cx } from "./cx";
import { Input } from "./Input";

export interface SearchInputProps {
  /** Read out, as nothing else says what is searched. */
  label: string;
  placeholder: string;
  value: string;
  onChange(value: string): void;
  className?: string;
}

export function SearchInput({ label, placeholder, value, onChange, className }: SearchInputProps) {
  return (
    <div className={cx("relative", className)}>
      <Search
        className="pointer-events-none absolute top-2.5 left-2.5 size-3.5 text-ink-3"
        aria-hidden="true"
      />
      <Input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="pl-8"
      />
    </div>
  );
}
