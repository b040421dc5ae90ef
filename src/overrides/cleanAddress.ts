import { withoutOverrides, withoutOverridesInPath } from './overridesLink.ts';

/** How often, and how long, to wait for a router that is not ready yet. */
const MAX_ATTEMPTS = 20;
const WAIT_MS = 50;

/**
 * Takes the overrides out of the address so that no router puts them back: call it in a task of its own, when
 * the page is on the screen. Routers keep their own state beside the address, and some their own copy of the
 * address in it:
 * - Next's App Router takes a call that carries its mark for one of its own, and does not follow it;
 * - Next's Pages Router goes "back" to what is in the state, and does not hear `replaceState`;
 * - React Router does not hear it either; TanStack Router does.
 */
export function cleanAddress(attempts = MAX_ATTEMPTS): void {
  const { state }: { readonly state: unknown } = history;
  const { href } = location;
  const clean = withoutOverrides(href).href;
  if (clean === href) return;
  const tryAgain = () => setTimeout(() => cleanAddress(attempts - 1), WAIT_MS);
  if (typeof state !== 'object' || state === null) {
    history.replaceState(state, '', clean);
    return;
  }
  const { __NA: isOfAppRouter, ...own }: Record<string, unknown> = { ...state };
  const isOfPagesRouter = own['__N'] === true;
  if (isOfPagesRouter) {
    const { url, as } = own;
    // It writes the address once more when it is ready; until then its own is without parameters.
    if (attempts > 0 && withoutOverridesInPath(url) === url) {
      tryAgain();
      return;
    }
    own['url'] = withoutOverridesInPath(url);
    own['as'] = withoutOverridesInPath(as);
  }
  history.replaceState(own, '', clean);
  if (isOfAppRouter && !Reflect.get(Object(history.state), '__NA')) {
    // It does not listen yet, and without its mark "back" would load the page anew.
    history.replaceState(state, '', attempts > 0 ? href : clean);
    if (attempts > 0) tryAgain();
    return;
  }
  if (isOfPagesRouter || 'idx' in own) {
    window.dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
  }
}
