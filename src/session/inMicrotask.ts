/**
 * Calls back once the code that runs now is over. Not through `queueMicrotask`, which fake timers replace: those of
 * jest would hold back what happens within one moment until the test moves the time.
 *
 * @see https://jestjs.io/docs/jest-object#jestusefaketimersfaketimersconfig
 */
export function inMicrotask(callback: () => void): void {
  // oxlint-disable-next-line promise/no-callback-in-promise -- which is what a microtask is
  void Promise.resolve().then(callback);
}
