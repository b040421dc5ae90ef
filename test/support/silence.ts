import { afterEach, beforeEach, vi } from 'vitest';

function prevent(event: Event): void {
  event.preventDefault();
}

/** For tests in which errors leave components on purpose: React and jsdom report each on the console. */
export function silenceThrownErrors(): void {
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    window.addEventListener('error', prevent);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    window.removeEventListener('error', prevent);
  });
}
