import { lazy, Suspense, useEffect, useId, useState } from 'react';
import { render } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { Feature, useFlag, useFlagValue } from '../../src/entries/index.ts';
import { AppConfigTestProvider, flagMatrix, rehearse } from '../../src/entries/testing.ts';

const FROM = { checkout: { enabled: true, maxItems: 20 }, 'new-basket': false } as const;
const OFF = { checkout: { enabled: false }, 'new-basket': false } as const;
const SMALLER = { checkout: { enabled: true, maxItems: 5 }, 'new-basket': false } as const;

function Sound() {
  const checkout = useFlag('checkout');
  const limit = useFlagValue('checkout', 'maxItems', 10);
  const [count, setCount] = useState(0);
  const id = useId();
  useEffect(() => {
    const before = document.title;
    document.title = checkout.enabled ? 'New checkout' : 'Checkout';
    return () => {
      document.title = before;
    };
  }, [checkout.enabled]);
  return (
    <button type="button" id={id} onClick={() => setCount(count + 1)}>
      {count} of {limit}
    </button>
  );
}

/** Keeps what the flag said when it was mounted. */
function Keeper() {
  const [limit] = useState(useFlagValue('checkout', 'maxItems', 10));
  return <p>{limit}</p>;
}

/** Takes an attribute for granted, which is there only while the flag is on. */
function Truster() {
  const checkout: { enabled: boolean; maxItems?: { toFixed(digits: number): string } } = Object(
    useFlag('checkout'),
  );
  return <p>{checkout.maxItems === undefined ? crash() : checkout.maxItems.toFixed(0)}</p>;
}

function crash(): string {
  throw new TypeError("Cannot read properties of undefined (reading 'toFixed')");
}

/** Calls one more hook while the flag is on. */
function Conditional() {
  const { enabled } = useFlag('checkout');
  // oxlint-disable-next-line react/rules-of-hooks -- the fault that is planted
  if (enabled) useEffect(() => {});
  const [name] = useState('ada');
  return <p>{name}</p>;
}

/** Marks the page when the flag comes on, and never takes the mark back. */
function Marker() {
  const { enabled } = useFlag('checkout');
  useEffect(() => {
    if (enabled) document.body.dataset['checkout'] = 'new';
  }, [enabled]);
  return <p>checkout</p>;
}

/** Goes from a field that React controls to one that it does not. */
function Field() {
  const checkout = useFlag('checkout');
  return <input onChange={() => {}} {...(checkout.enabled && { value: 'x' })} />;
}

/** Right with each flag alone, and wrong with both. */
function Pair() {
  const { enabled: isNewCheckout } = useFlag('checkout');
  const { enabled: isNewBasket } = useFlag('new-basket');
  if (isNewCheckout && isNewBasket) crash();
  return <p>{isNewCheckout || isNewBasket ? 'new' : 'old'}</p>;
}

describe('rehearse', () => {
  it('finds nothing in a component that reads its flags where it uses them', async () => {
    for (const to of [OFF, SMALLER]) {
      await expect(rehearse(() => <Sound />, { from: FROM, to })).resolves.toBeUndefined();
      await expect(rehearse(() => <Sound />, { from: to, to: FROM })).resolves.toBeUndefined();
      await expect(rehearse(() => <Pair />, { from: FROM, to })).resolves.toBeUndefined();
    }
  });

  it.each([
    ['keeps a flag in state', Keeper, SMALLER, /after the deployment.*20.*instead of.*5/],
    ['takes an attribute for granted', Truster, OFF, /toFixed/],
    ['calls a hook only while the flag is on', Conditional, OFF, /hooks/i],
    ['leaves a mark behind', Marker, OFF, /left behind/],
    ['stops controlling a field', Field, OFF, /controlled/],
  ])('finds a component that %s', async (_fault, Component, to, problem) => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    await expect(rehearse(() => <Component />, { from: FROM, to })).rejects.toMatchObject({
      code: 'RehearsalFailed',
      message: expect.stringMatching(problem),
    });
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
    delete document.body.dataset['checkout'];
  });

  it('waits for lazy code, which comes once and late', async () => {
    const load = async () => {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      return { default: () => <b>new</b> };
    };
    const Lazy = lazy(load);
    const page = () => (
      <Suspense fallback="one moment">
        <Feature flag="new-basket" fallback="old">
          <Lazy />
        </Feature>
      </Suspense>
    );
    const to = { ...FROM, 'new-basket': true };
    await expect(rehearse(page, { from: FROM, to })).resolves.toBeUndefined();
  });

  it('leaves pairs of flags to flagMatrix, which finds them', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = flagMatrix(['checkout', 'new-basket', 'dark-mode']).filter(({ flags }) => {
      try {
        render(
          <AppConfigTestProvider flags={flags}>
            <Pair />
          </AppConfigTestProvider>,
        ).unmount();
        return false;
      } catch {
        return true;
      }
    });
    said.mockRestore();
    expect(broken).toHaveLength(1);
    expect(broken[0]?.name).toMatch('checkout: on, new-basket: on');
  });

  it('ignores differences that normalize removes', async () => {
    const Dated = () => {
      useFlag('checkout');
      // oxlint-disable-next-line react/purity -- what differs from render to render
      return <p>{performance.now()} ms</p>;
    };
    const play = (normalize?: (html: string) => string) =>
      rehearse(() => <Dated />, { from: FROM, to: OFF, normalize });
    await expect(play()).rejects.toThrow(/RehearsalError|not what it shows/);
    await expect(play((html) => html.replaceAll(/[\d.]+ ms/g, 'ms'))).resolves.toBeUndefined();
  });
});
