import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Container, type Root } from 'react-dom/client';
import type { Contender } from './contender.ts';
import { appConfig } from './contenders/appConfig.tsx';
import { floor } from './contenders/floor.tsx';
import { floorInContext } from './contenders/floorInContext.tsx';
import { statsig } from './contenders/statsig.tsx';
import { unleash } from './contenders/unleash.tsx';

const CONTENDERS: Readonly<Record<string, Contender>> = {
  floor,
  'floor in a context': floorInContext,
  'react-appconfig': appConfig,
  Unleash: unleash,
  Statsig: statsig,
};

/** An app of a contender, whose mounts are counted in instructions. */
export async function prepare(name: string, components: number, flags: number) {
  const contender = CONTENDERS[name];
  if (!contender) throw new Error(`No contender is called ${name}.`);
  const states = Object.fromEntries(
    Array.from({ length: flags }, (_, index) => [`flag-${index}`, index % 2 === 0]),
  );
  const { wrap, useIsOn } = await contender(states);
  const Reader = ({ flag }: { flag: string }) => <i>{useIsOn(flag) ? 'on' : 'off'}</i>;
  let root: Root | undefined;
  return {
    mount(container: Container) {
      root = createRoot(container);
      const readers: ReactNode[] = Array.from({ length: components }, (_, index) => (
        <Reader key={index} flag={`flag-${index % flags}`} />
      ));
      const mounted = root;
      flushSync(() => mounted.render(wrap(<div>{readers}</div>)));
      // Effects too.
      flushSync(() => {});
    },
    unmount() {
      const mounted = root;
      flushSync(() => mounted?.unmount());
    },
  };
}
