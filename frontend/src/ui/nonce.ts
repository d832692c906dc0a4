/** The page's nonce, for the few <style> elements that dialogs and selects put into the page. */
export function nonce(): string | undefined {
  return document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce || undefined;
}
