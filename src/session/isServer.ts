/**
 * Whether this code runs on a server. `window` says nothing: some servers define one. React Native has no
 * document, and says its name.
 */
export function isServer(): boolean {
  if (typeof document !== 'undefined') return false;
  return typeof navigator === 'undefined' || navigator.product !== 'ReactNative';
}
