/** Whether this renders for somebody else. React Native has a window and no document. */
export function isServer(): boolean {
  return typeof window === 'undefined';
}
