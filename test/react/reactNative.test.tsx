import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { agentSource, experimentSource } from '../../src/entries/agent.ts';
import { createEmulator } from '../../src/entries/emulator.ts';
import { AppConfigProvider, useFlagEnabled } from '../../src/entries/index.ts';

/** What Hermes lacks in the React Native of 2025. */
const MISSING_IN_ARRAYS = ['toSorted', 'toReversed', 'toSpliced', 'with', 'findLast'] as const;
const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const TREATED = { treatment: { enabled: true } };

function encode(value: unknown): ArrayBuffer {
  return Uint8Array.from(JSON.stringify(value), (letter) => letter.charCodeAt(0)).buffer;
}

describe('on React Native', () => {
  const taken = new Map<string, PropertyDescriptor | undefined>();

  beforeEach(() => {
    vi.stubGlobal('TextDecoder', undefined);
    vi.stubGlobal('crypto', undefined);
    vi.stubGlobal('structuredClone', undefined);
    for (const name of MISSING_IN_ARRAYS) {
      taken.set(name, Object.getOwnPropertyDescriptor(Array.prototype, name));
      Reflect.deleteProperty(Array.prototype, name);
    }
  });
  afterEach(() => {
    for (const [name, descriptor] of taken) {
      // oxlint-disable-next-line no-extend-native -- what was taken away
      if (descriptor) Object.defineProperty(Array.prototype, name, descriptor);
    }
    vi.unstubAllGlobals();
  });

  it('reads flags and their experiments without a TextDecoder', async () => {
    const asked: string[] = [];
    const fetchFlags = async (url: RequestInfo | URL) => {
      asked.push(new URL(String(url)).search);
      const body = encode(
        String(url).includes('?flag=') ? TREATED.treatment : { treatment: { enabled: false } },
      );
      return new Response(body, {
        headers: { 'Configuration-Version': '1', ETag: '"1"', 'Content-Type': 'application/json' },
      });
    };
    const source = experimentSource(
      agentSource({ endpoint: 'https://shop.example', fetch: fetchFlags }),
      ['treatment'],
    );
    function Flag() {
      return <p>{useFlagEnabled('treatment') ? 'treated' : 'as deployed'}</p>;
    }
    render(
      <AppConfigProvider {...NAME} source={source} flags="flags" entityId="ada">
        <Flag />
      </AppConfigProvider>,
    );
    expect(await screen.findByText('treated')).toBeTruthy();
    expect(new Set(asked)).toEqual(new Set(['', '?flag=treatment']));
  });

  it('warns of a misspelt flag instead of throwing', async () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const emulator = createEmulator();
    emulator.deploy({ ...NAME, content: { 'new-checkout': { enabled: true } } });
    const source = agentSource({
      fetch: (input, init) => emulator.fetch(new Request(new URL(String(input), 'http://x'), init)),
    });
    function Flag() {
      return <p>{useFlagEnabled('new-chekout') ? 'on' : 'off'}</p>;
    }
    render(
      <AppConfigProvider {...NAME} source={source} flags="flags">
        <Flag />
      </AppConfigProvider>,
    );
    await vi.waitFor(() =>
      expect(said).toHaveBeenCalledWith(expect.stringContaining('Did you mean "new-checkout"?')),
    );
    await act(async () => {});
    expect(screen.getByText('off')).toBeTruthy();
    said.mockRestore();
  });
});
