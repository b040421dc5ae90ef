import type { ComponentProps, MouseEvent } from 'react';

/** A button that keeps the focus while it can do nothing, so that the keyboard does not lose its place. */
export function Button({
  isIdle,
  onClick,
  ...rest
}: Omit<ComponentProps<'button'>, 'disabled'> & { isIdle: boolean }) {
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (isIdle) event.preventDefault();
    else onClick?.(event);
  };
  return <button type="button" {...rest} aria-disabled={isIdle || undefined} onClick={click} />;
}
