/** Where the focus was before a window took it. */

const WINDOWS = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

let last: HTMLElement | null = null;

document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && !target.closest(WINDOWS)) last = target;
});

/** For the moment a window closes: the focus goes to where it was on the page, or to the page. */
export function returnFocus(event: Event): void {
  event.preventDefault();
  const place = last?.isConnected ? last : document.getElementById("main");
  place?.focus({ preventScroll: true });
}
