/** Everything of the app by name, behind Ctrl/Cmd+K. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command as List } from "cmdk";
import {
  BookOpen,
  ChartLine,
  CornerDownLeft,
  Database,
  House,
  Keyboard,
  Monitor,
  Moon,
  Plus,
  Search,
  Sun,
  Upload,
  Waypoints,
} from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useDeferredValue, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { RunSummary } from "../api";
import { useBegin } from "../api/begin";
import { datasetsQuery, everyNetworkQuery, runsQuery } from "../api/queries";
import {
  type Command,
  formatPlural,
  Kbd,
  keyName,
  returnFocus,
  setTheme,
  useRegisteredCommands,
} from "../ui";
import { find } from "./score";

export interface CommandPaletteProps {
  onClose: () => void;
  onHelp: () => void;
}

/** Everything of the app by name: what the page offers, places, networks, datasets, runs. */
export default function CommandPalette({ onClose, onHelp }: CommandPaletteProps) {
  const [, navigate] = useLocation();
  const begin = useBegin();
  const registered = useRegisteredCommands();
  const [search, setSearch] = useState("");
  const chosen = useRef<Command | null>(null);
  const networks = useQuery(everyNetworkQuery()).data ?? [];
  const datasets = useQuery(datasetsQuery()).data ?? [];
  const runs = useRuns(search.trim());

  const go = (id: string, title: string, group: string, to: string, rest: Partial<Command>) => ({
    id,
    title,
    group,
    run: () => navigate(to),
    ...rest,
  });
  const commands: Command[] = [
    ...registered,
    {
      id: "new-network",
      title: "New empty network",
      group: "Actions",
      keywords: "create start canvas",
      icon: <Plus />,
      run: () => begin.empty(),
    },
    go("upload", "Add data", "Actions", "/datasets", {
      keywords: "upload csv images zip dataset",
      icon: <Upload />,
    }),
    {
      id: "shortcuts",
      title: "Keyboard shortcuts",
      group: "Actions",
      keywords: "help keys",
      icon: <Keyboard />,
      shortcut: ["?"],
      run: onHelp,
    },
    ...(["light", "dark", "system"] as const).map((choice) => ({
      id: `theme-${choice}`,
      title: choice === "system" ? "Theme as the system" : `Theme: ${choice}`,
      group: "Actions",
      keywords: "appearance colour mode",
      icon: choice === "light" ? <Sun /> : choice === "dark" ? <Moon /> : <Monitor />,
      run: () => setTheme(choice),
    })),
    go("home", "Home", "Go to", "/", { icon: <House /> }),
    go("networks", "Networks", "Go to", "/networks", { icon: <Waypoints /> }),
    go("datasets", "Datasets", "Go to", "/datasets", { icon: <Database /> }),
    go("runs", "Runs", "Go to", "/runs", { icon: <ChartLine /> }),
    go("reference", "Reference", "Go to", "/learn/reference", {
      keywords: "help documentation formula layers losses optimizers",
      icon: <BookOpen />,
    }),
    ...networks.map((network) =>
      go(network.id, network.name, "Networks", `/networks/${network.id}`, {
        icon: <Waypoints />,
        hint: formatPlural(network.nodes, "layer"),
      }),
    ),
    ...datasets.map((dataset) =>
      go(dataset.id, dataset.name, "Datasets", `/datasets/${dataset.id}`, {
        icon: <Database />,
        hint:
          dataset.rows === null
            ? dataset.state
            : formatPlural(dataset.rows, dataset.kind === "images" ? "image" : "row"),
      }),
    ),
    ...runs.map((run) =>
      go(run.id, `Run ${run.number} of ${run.network_name}`, "Runs", `/runs/${run.id}`, {
        icon: <ChartLine />,
        hint: run.state,
        keywords: run.dataset_name,
      }),
    ),
  ];
  const groups = find(commands, search);
  const choose = (command: Command) => {
    chosen.current = command;
    onClose();
  };

  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 animate-fade bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          // The focus goes back to where it was, and from there the command may move it on.
          onCloseAutoFocus={(event) => {
            returnFocus(event);
            chosen.current?.run();
          }}
          className="fixed inset-x-0 top-[12vh] z-50 mx-auto w-[calc(100vw-2rem)] max-w-xl animate-rise overflow-hidden rounded-xl border border-line bg-panel shadow-2 outline-none"
        >
          <Radix.Title className="sr-only">Search everything</Radix.Title>
          <List label="Search everything" loop shouldFilter={false}>
            <div className="flex items-center gap-2.5 border-b border-line px-4">
              <Search className="size-4 text-ink-3" aria-hidden="true" />
              <List.Input
                value={search}
                onValueChange={setSearch}
                placeholder="Search pages, networks, data, runs, actions …"
                className="h-12 flex-1 bg-transparent text-base outline-none placeholder:text-ink-3"
              />
              <Kbd>Esc</Kbd>
            </div>
            <List.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5">
              <List.Empty className="px-4 py-8 text-center text-ink-2">
                Nothing has that name. Try a part of it.
              </List.Empty>
              {groups.map(({ group, commands }) => (
                <List.Group
                  key={group}
                  heading={group}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-ink-3"
                >
                  {commands.map((command) => (
                    <List.Item
                      key={command.id}
                      value={`${group}/${command.id}`}
                      onSelect={() => choose(command)}
                      className="group flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-2 data-[selected=true]:bg-accent-soft [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-3"
                    >
                      {command.icon}
                      <span className="min-w-0 flex-1 truncate">{command.title}</span>
                      {command.hint && <span className="text-xs text-ink-2">{command.hint}</span>}
                      {command.shortcut?.map((key) => (
                        <Kbd key={key}>{keyName(key)}</Kbd>
                      ))}
                      <CornerDownLeft className="hidden group-data-[selected=true]:block" />
                    </List.Item>
                  ))}
                </List.Group>
              ))}
            </List.List>
          </List>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The newest runs, and of the older ones those that the search finds. */
function useRuns(search: string): RunSummary[] {
  const newest = useQuery(runsQuery()).data;
  const words = useDeferredValue(search);
  const found = useQuery({
    ...runsQuery({ search: words }),
    enabled: words !== "" && newest?.next_cursor != null,
    placeholderData: keepPreviousData,
  }).data;
  const runs = new Map(newest?.items.map((run) => [run.id, run]));
  for (const run of found?.items ?? []) runs.set(run.id, run);
  return [...runs.values()];
}
