import { useRef } from 'react';

/** How often the component that calls it was rendered. */
export function useRenderCount(): number {
  const count = useRef(0);
  // oxlint-disable-next-line react/refs -- counting renders is the one thing that only a render can do
  return (count.current += 1);
}

/** A render count, set so that a change of it is seen. */
export function RenderCount({ count }: { count: number }) {
  return (
    <span className="badge render-count" key={count}>
      {count === 1 ? '1 render' : `${count} renders`}
    </span>
  );
}
