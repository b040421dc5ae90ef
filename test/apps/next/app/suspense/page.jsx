import { connection } from 'next/server';
import { Suspense } from 'react';
import { Flags } from './Flags.jsx';

async function AtRequest() {
  await connection();
  return <Flags />;
}

export default function Page() {
  return (
    <Suspense fallback={<p id="shell">shell</p>}>
      <AtRequest />
    </Suspense>
  );
}
