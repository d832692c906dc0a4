/** The parts of the workbench, and moving the focus between them. */

/** What is marked with it is a part; F6 goes from one to the next, in the order of the page. */
const PANE = "[data-pane]";

/** What holds the network, as a picture or as a list. */
const CANVAS = '[data-pane="canvas"]';

const TABBABLE =
  'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), [tabindex="0"]';

/** Is the focus on the canvas, or nowhere? */
export function onCanvas(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || target === document.body) return true;
  // Buttons on the canvas use their keys themselves.
  return target.closest(CANVAS) !== null && target.closest("button, a") === null;
}

/** Focus the network where it was left: its selected layer, else the whole. */
export function focusCanvas(): void {
  const pane = document.querySelector(CANVAS);
  const start = pane?.querySelector<HTMLElement>('[tabindex="0"]');
  (start ?? pane?.querySelector<HTMLElement>("[tabindex]"))?.focus({ preventScroll: true });
}

/** Focus the first control of an element; false when it has none. */
export function focusFirst(element: Element | null | undefined): boolean {
  const controls = [...(element?.querySelectorAll<HTMLElement>(TABBABLE) ?? [])];
  const first = controls.find((control) => control.tabIndex >= 0 && isShown(control));
  first?.focus();
  return first !== undefined;
}

function isShown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0;
}

/** Move the focus to the next part of the page, or to the one before with -1. */
export function focusPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>(PANE)];
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const from = here < 0 && step < 0 ? 0 : here;
  for (let away = 1; away <= panes.length; away += 1) {
    const pane = panes[(from + step * away + panes.length * 2) % panes.length];
    if (focusStart(pane)) return;
  }
}

/** A part begins at its chosen tab or at its first control; the canvas where it was left. */
function focusStart(pane: HTMLElement | undefined): boolean {
  if (pane?.matches(CANVAS)) {
    focusCanvas();
    return true;
  }
  const tab = pane?.querySelector<HTMLElement>('[role="tab"][data-state="active"]');
  tab?.focus();
  return tab != null || focusFirst(pane);
}
