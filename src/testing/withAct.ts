import * as React from 'react';

type Act = <Result>(callback: () => Result | Promise<Result>) => Promise<Result>;

/** React 19 and 18.3 have `act`, 18.2 has it by another name, production builds have none. */
const act: Act | undefined = Reflect.get(React, 'act') ?? Reflect.get(React, 'unstable_act');

let isInEffect = false;

/** For changes that an effect makes: React is rendering already, so `act` must not be called. */
export function inEffect(change: () => void): void {
  isInEffect = true;
  try {
    change();
  } finally {
    isInEffect = false;
  }
}

/** Changes something that components show, so that they show it when the call returns. */
export function withAct(change: () => void): void {
  if (!act || isInEffect) {
    change();
    return;
  }
  const restore = enterActEnvironment();
  try {
    void act(change);
  } finally {
    restore();
  }
}

/** The same for something that takes its time. */
export async function withAsyncAct(change: () => Promise<void>): Promise<void> {
  if (!act) {
    await change();
    return;
  }
  const restore = enterActEnvironment();
  try {
    await act(change);
  } finally {
    restore();
  }
}

/** React must be told that `act` is intended, as Testing Library does around each of its calls. */
function enterActEnvironment(): () => void {
  const before: unknown = Reflect.get(globalThis, 'IS_REACT_ACT_ENVIRONMENT');
  Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
  return () => {
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', before);
  };
}
