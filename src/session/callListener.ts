import { isServer } from './isServer.ts';

/**
 * Calls an app's listener a moment later, so that what it throws cannot break the caller. In a page it
 * reaches `window.onerror`; on a server, where it would end the process, the console.
 */
export function callListener<Event>(listener: (event: Event) => void, event: Event): void {
  queueMicrotask(() => {
    try {
      listener(event);
    } catch (thrown) {
      if (!isServer()) throw thrown;
      // oxlint-disable-next-line no-console -- a fault of the app that would be lost
      console.error(thrown);
    }
  });
}
