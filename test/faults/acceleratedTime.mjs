/**
 * @typedef {object} AcceleratedTime
 * @property {(ms: number) => void} jump sets the wall clock, as a user, a time server or a laptop's sleep does
 * @property {() => number} now milliseconds of accelerated time since the process or the page began
 */

/**
 * Lets all of a process's or a page's time pass faster: timers, wall clock and monotonic clock alike.
 * It refers to nothing outside of itself, because it is sent to pages.
 *
 * @param {{ scale: number, startAt: number }} options `startAt`: when accelerated time and real time
 * were the same, in milliseconds since 1970
 * @returns {AcceleratedTime}
 */
export function accelerateTime({ scale, startAt }) {
  const RealDate = Date;
  const realNow = performance.now.bind(performance);
  const { setTimeout: realSetTimeout, setInterval: realSetInterval } = globalThis;
  let offsetMs = 0;
  const elapsed = () => realNow() * scale;
  const wallNow = () => startAt + (RealDate.now() - startAt) * scale + offsetMs;
  const AcceleratedDate = new Proxy(RealDate, {
    construct: (target, parameters) =>
      Reflect.construct(target, parameters.length > 0 ? parameters : [wallNow()]),
    get: (target, key) => (key === 'now' ? wallNow : Reflect.get(target, key)),
  });
  Object.defineProperty(performance, 'now', { value: elapsed, configurable: true });
  Object.assign(globalThis, {
    Date: AcceleratedDate,
    setTimeout: (
      /** @type {() => void} */ callback,
      /** @type {number} */ delayMs = 0,
      /** @type {unknown[]} */ ...parameters
    ) => Reflect.apply(realSetTimeout, globalThis, [callback, delayMs / scale, ...parameters]),
    setInterval: (
      /** @type {() => void} */ callback,
      /** @type {number} */ delayMs = 0,
      /** @type {unknown[]} */ ...parameters
    ) => Reflect.apply(realSetInterval, globalThis, [callback, delayMs / scale, ...parameters]),
  });
  const time = {
    jump: (/** @type {number} */ ms) => {
      offsetMs += ms;
    },
    now: elapsed,
  };
  Object.assign(globalThis, { acceleratedTime: time });
  return time;
}
