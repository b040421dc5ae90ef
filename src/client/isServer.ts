/** Whether this code renders on a server. React Native has a window and no document. */
export function isServer(): boolean {
  return typeof window === 'undefined';
}
