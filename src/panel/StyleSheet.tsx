/** @jsxRuntime classic */
import * as React from 'react';

/** jsdom cannot make a style sheet. */
const canAdopt = typeof CSSStyleSheet === 'function' && 'replaceSync' in CSSStyleSheet.prototype;

/** Styles for the document or the shadow root that it stands in, also where a Content-Security-Policy refuses style elements. */
export function StyleSheet({ css }: { css: string }) {
  const marker = React.useRef<HTMLSpanElement>(null);
  React.useLayoutEffect(() => {
    const root = marker.current?.getRootNode();
    // Of the same window, which need not be this script's.
    const view = marker.current?.ownerDocument.defaultView;
    if (!canAdopt || !view || !canHoldStyles(root)) return undefined;
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return () => {
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
    };
  }, [css]);
  return canAdopt ? <span ref={marker} hidden /> : <style>{css}</style>;
}

function canHoldStyles(root: Node | undefined): root is Document | ShadowRoot {
  return root !== undefined && 'adoptedStyleSheets' in root;
}
