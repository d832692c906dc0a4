/** Where the canvas is: the network, or the blocks that were opened on the way inwards. */
import { ChevronRight } from "lucide-react";
import { Fragment, useMemo } from "react";
import { cx, Kbd, keyName } from "../../ui";
import { findNode } from "../draft";
import { useActions, useDocument } from "../store";
import { timesOf } from "../words";
import { opened } from "./level";
import { usesOf } from "./uses";

export function Breadcrumb() {
  const actions = useActions();
  const network = useDocument((state) => state.network);
  const types = useDocument((state) => state.types);
  const inside = useDocument((state) => state.inside);
  const way = useMemo(() => opened(network, types, inside), [network, types, inside]);
  const last = way.at(-1);
  if (!last) return null;
  const uses = usesOf(network, types, last.block);
  const bodies = [network, ...way.map(({ block }) => network.blocks?.[block] ?? network)];
  return (
    <nav
      aria-label="Open blocks"
      className="flex animate-fade items-center justify-between gap-4 border-b border-line bg-panel px-4 py-1.5"
    >
      <ol className="flex min-w-0 flex-wrap items-center gap-x-1 text-sm">
        <li className="min-w-0">
          <Crumb onClick={() => actions.leave([])}>{network.name}</Crumb>
        </li>
        {way.map(({ node, block }, index) => {
          const title = network.blocks?.[block]?.title || block;
          const times = timesOf(findNode(bodies[index] ?? network, node));
          return (
            <Fragment key={node}>
              <li aria-hidden="true">
                <ChevronRight className="size-3.5 text-ink-3" />
              </li>
              <li className="flex min-w-0 items-baseline gap-1">
                <Crumb
                  current={index === way.length - 1}
                  onClick={() => actions.leave(inside.slice(0, index + 1))}
                >
                  {title}
                </Crumb>
                {times && <span className="font-mono text-2xs text-accent">{times}</span>}
              </li>
            </Fragment>
          );
        })}
      </ol>
      <p className="shrink-0 text-2xs text-ink-3">
        {uses > 1 && <b className="font-semibold text-ink-2">Changes all {uses} uses. </b>}
        <Kbd>{keyName("Escape")}</Kbd> leads out
      </p>
    </nav>
  );
}

interface CrumbProps {
  current?: boolean;
  onClick(): void;
  children: string;
}

function Crumb({ current, onClick, children }: CrumbProps) {
  return (
    <button
      type="button"
      aria-current={current ? "location" : undefined}
      className={cx(
        "max-w-56 cursor-pointer truncate rounded-sm",
        current ? "font-semibold" : "text-ink-2 hover:text-ink hover:underline",
      )}
      title={children}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
