/** Puts the app on the page. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./ui/styles.css";
import { App } from "./app/App";
import { nonce, startTheme } from "./ui";

// Dialogs lock the page's scrolling with a <style>; its library asks for the nonce by this name.
Object.assign(window, { __webpack_nonce__: nonce() });
startTheme();

const root = document.getElementById("root");
if (!root) throw new Error("Expected an element with id 'root' in the page shell.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
