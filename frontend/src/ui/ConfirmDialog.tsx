/** Asks before something that cannot be undone. */
import { AlertDialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./Button";
import { returnFocus } from "./focusReturn";

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will be lost, and what stays. */
  children: ReactNode;
  /** What the button does, as an imperative: "Delete network". */
  action: string;
  onConfirm: () => void;
  loading?: boolean;
  tone?: "danger" | "primary";
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  children,
  action,
  onConfirm,
  loading = false,
  tone = "danger",
}: ConfirmDialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 animate-fade bg-scrim" />
        <Radix.Content
          onCloseAutoFocus={returnFocus}
          className="fixed inset-0 z-50 m-auto h-fit w-[calc(100vw-2rem)] max-w-md animate-rise rounded-xl border border-line bg-panel p-5 shadow-2 outline-none"
        >
          <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
          <Radix.Description asChild>
            <div className="mt-1.5 text-ink-2">{children}</div>
          </Radix.Description>
          <div className="mt-5 flex justify-end gap-2">
            <Radix.Cancel asChild>
              <Button>Cancel</Button>
            </Radix.Cancel>
            <Button variant={tone} loading={loading} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
