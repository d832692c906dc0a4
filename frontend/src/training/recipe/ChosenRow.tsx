/** One of several things chosen from the catalogue: what it is, its parameters, and leaving it out. */
import { Settings2, X } from "lucide-react";
import { type ReactNode, useId } from "react";
import type { Catalog } from "../../api";
import { IconButton, ReadMore, type ReadMoreProps } from "../../ui";
import { SchemaForm } from "../../ui/SchemaForm";
import { ProblemNote } from "./ProblemNote";
import type { RecipeProblem } from "./problems";

export interface ChosenRowProps {
  kind: ReadMoreProps["kind"];
  /** Its type's name, which stands for a type that is not known. */
  name: string;
  type: Catalog["metrics"][number] | Catalog["augmentations"][number] | undefined;
  /** The parameters that are not as by default. */
  own: Record<string, unknown>;
  open: boolean;
  problems: readonly RecipeProblem[];
  onOpen(open: boolean): void;
  onParam(param: string, value: unknown): void;
  onRemove(): void;
  /** Further buttons. */
  children?: ReactNode;
}

export function ChosenRow(props: ChosenRowProps) {
  const { kind, name, type, own, open, problems, onOpen, onParam, onRemove, children } = props;
  const id = useId();
  const title = type?.title ?? name;
  const shown = Object.entries(own).map(([param, value]) => `${param} ${String(value)}`);
  const adjustable = Object.keys((type?.params.properties ?? {}) as object).length > 0;
  return (
    <li className="rounded-lg bg-sunken px-3 py-1.5">
      <div className="flex items-center gap-1">
        <span className="min-w-0 flex-1" title={type?.summary}>
          {title}
          {shown.length > 0 && <span className="text-xs text-ink-2"> {shown.join(", ")}</span>}
        </span>
        {children}
        {adjustable && (
          <IconButton
            label={`Settings of ${title}`}
            icon={<Settings2 />}
            size="sm"
            aria-expanded={open}
            onClick={() => onOpen(!open)}
          />
        )}
        <IconButton label={`Leave ${title} out`} icon={<X />} size="sm" onClick={onRemove} />
      </div>
      {problems
        .filter(({ path }) => path.length === 0 || path[0] === "type" || !open)
        .map((problem) => (
          <ProblemNote key={problem.message} problem={problem} />
        ))}
      {open && type && (
        <div className="grid gap-2.5 py-1.5">
          <p className="text-xs text-ink-2">
            {type.summary} <ReadMore kind={kind} type={type.type} title={type.title} />
          </p>
          <SchemaForm
            schema={type.params}
            values={own}
            onChange={onParam}
            problems={problems}
            idPrefix={`${kind}-${id}`}
          />
        </div>
      )}
    </li>
  );
}
