import { isServer } from './isServer.ts';
import { inMicrotask } from './inMicrotask.ts';

/**
 * Calls an app's listener a moment later, so that what it throws cannot break the caller. In a page it is an
 * uncaught error, as from any event listener; on a server, where it would end the process, it goes to the console.
 */
export function callListener<Event>(listener: (event: Event) => void, event: Event): void {
  inMicrotask(() => {
    try {
      listener(event);
    } catch (thrown) {
      // oxlint-disable-next-line no-console -- a fault of the app that would be lost
      if (isServer()) console.error(thrown);
      else if (typeof reportError === 'function') reportError(thrown);
      else throw thrown;
    }
  });
}
