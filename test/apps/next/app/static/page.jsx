import { Suspense } from 'react';
import { Flags } from '../suspense/Flags.jsx';

/** Rendered while the app is built, too. */
export default function Page() {
  return (
    <Suspense fallback={<p id="shell">shell</p>}>
      <Flags />
    </Suspense>
  );
}
