/** @jsxRuntime classic */
import * as React from 'react';

/** A button that keeps the focus while it can do nothing, so that the keyboard does not lose its place. */
export function Button({
  isIdle,
  onClick,
  ...rest
}: Omit<React.ComponentProps<'button'>, 'disabled'> & { isIdle: boolean }): React.ReactElement {
  const click = (event: React.MouseEvent<HTMLButtonElement>) => {
    if (isIdle) event.preventDefault();
    else onClick?.(event);
  };
  return <button type="button" {...rest} aria-disabled={isIdle || undefined} onClick={click} />;
}
