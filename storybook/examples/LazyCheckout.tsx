import { lazy, Suspense, useState, ViewTransition } from 'react';
import { Feature } from 'react-appconfig';

const loadCheckout = () =>
  new Promise<{ default: () => React.ReactNode }>((resolve) => {
    // In an app: import('./NewCheckout')
    setTimeout(
      () => resolve({ default: () => <p className="notice good">The new checkout</p> }),
      600,
    );
  });

export function LazyCheckout({ transition }: { transition: boolean }) {
  const [NewCheckout] = useState(() => lazy(loadCheckout));
  return (
    <Suspense fallback={<p role="status">One moment…</p>}>
      <ViewTransition>
        <Feature
          flag="new-checkout"
          transition={transition}
          fallback={<p className="notice">The old checkout</p>}
        >
          <NewCheckout />
        </Feature>
      </ViewTransition>
    </Suspense>
  );
}
