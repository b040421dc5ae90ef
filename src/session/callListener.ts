import { isServer } from './isServer.ts';
import { inMicrotask } from './inMicrotask.ts';

/**
 * Calls an app's listener a moment later, so that what it throws cannot break the caller. In a page it
 * reaches `window.onerror`; on a server, where it would end the process, the console.
 */
export function callListener<Event>(listener: (event: Event) => void, event: Event): void {
  inMicrotask(() => {
    try {
      listener(event);
    } catch (thrown) {
      if (!isServer()) {
        // Out of the promise, so that it is an error and not a rejection.
        setTimeout(() => {
          throw thrown;
        });
        return;
      }
      // oxlint-disable-next-line no-console -- a fault of the app that would be lost
      console.error(thrown);
    }
  });
}
