/** The shortcuts that work everywhere. */
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { isTyping } from "../ui";

const PLACES: Record<string, string> = { h: "/", n: "/networks", d: "/datasets", r: "/runs" };

/** How long the letter after "g" may take. */
const SEQUENCE_MS = 1_200;

export interface ShellKeys {
  onPalette: () => void;
  onHelp: () => void;
}

/** Ctrl/Cmd+K, `?`, and "g" followed by a place's letter. */
export function useShellKeys({ onPalette, onHelp }: ShellKeys): void {
  const [, navigate] = useLocation();
  const pressed = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onPalette();
        return;
      }
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!plain || isTyping(event.target) || event.defaultPrevented) return;
      if (document.querySelector("[role=dialog], [role=alertdialog], [role=menu]")) return;
      const place = PLACES[event.key];
      if (event.key === "?") {
        event.preventDefault();
        onHelp();
      } else if (place && event.timeStamp - pressed.current < SEQUENCE_MS) {
        event.preventDefault();
        navigate(place);
      }
      pressed.current = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [navigate, onPalette, onHelp]);
}
