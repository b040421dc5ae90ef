import { cleanup } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { useAppConfig, useFlagDetails } from '../../src/entries/index.ts';
import { createPersistedQueryClient } from '../support/createPersistedQueryClient.ts';
import { advance, createProbe, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  localStorage.clear();
});

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const utf16 = (text: string) =>
  new Uint8Array(Uint16Array.from(text, (letter) => letter.charCodeAt(0)).buffer);

/** What a component gets to see of a freeform profile. */
async function show(
  content: string | Uint8Array,
  contentType: string,
  options: Parameters<typeof setup>[0] = {},
) {
  const app = setup(options);
  app.emulator.deploy({ ...NAME, profile: 'site', content, contentType });
  const probe = createProbe(() => useAppConfig('site'));
  app.renderApp(<probe.Probe />);
  await advance();
  return probe.value;
}

describe('content is read', () => {
  it.each([
    [
      'JSON in UTF-16',
      utf16('{"title":"Größe"}'),
      'application/json; charset=utf-16',
      { title: 'Größe' },
    ],
    [
      'JSON in Latin-1',
      latin1('{"title":"Größe"}'),
      'application/json;charset="iso-8859-1"',
      { title: 'Größe' },
    ],
    ['text in Latin-1', latin1('Größe'), 'text/plain; charset=ISO-8859-1', 'Größe'],
    ['text that names UTF-8', 'Größe', 'text/plain; charset=utf-8', 'Größe'],
  ])('%s, by its charset', async (_, content, contentType, data) => {
    expect(await show(content, contentType)).toMatchObject({ status: 'success', data });
  });

  it.each(['application/octet-stream', 'text/plain'])(
    'JSON delivered as %s, where a decoder names its media type',
    async (contentType) => {
      const decoders = { site: 'application/json' };
      const result = await show('{"title":"Shop"}', contentType, { decoders });
      expect(result).toMatchObject({ data: { title: 'Shop' }, contentType });
    },
  );

  it('by a decoder of the app', async () => {
    const decoders = { site: ({ bytes }: { bytes: Uint8Array }) => bytes.length };
    expect(await show('four', 'application/x-own', { decoders })).toMatchObject({ data: 4 });
  });

  it('blames the platform, not the document, for a charset that it does not know', async () => {
    const result = await show('x', 'text/plain; charset=ebcdic-xyz');
    expect(result).toMatchObject({ error: { code: 'UnsupportedContentType' } });
    expect(result?.error?.message).toContain('This platform cannot read the charset');
  });

  const withoutFatal = class {
    readonly #decoder = new TextDecoder();
    constructor(_label?: string, options?: { fatal?: boolean }) {
      if (options?.fatal) throw new TypeError('fatal is not supported.');
    }
    decode(bytes: Uint8Array) {
      return this.#decoder.decode(bytes);
    }
  };
  it.each([
    ['no TextDecoder at all', undefined],
    ['one that knows no "fatal"', withoutFatal],
  ])('on a platform with %s', async (_, decoder) => {
    const app = setup();
    app.emulator.deploy({ ...NAME, profile: 'site', content: { title: 'Größe 😀' } });
    vi.stubGlobal('TextDecoder', decoder);
    const source = {
      name: 'bytes',
      getLatestConfiguration: async () => ({
        configuration: new TextEncoder().encode('{"title":"Größe 😀"}'),
        contentType: 'application/json',
        nextToken: 'next',
        nextPollIntervalInSeconds: 60,
      }),
    };
    const probe = createProbe(() => useAppConfig('site'));
    app.renderApp(<probe.Probe />, { source });
    await advance();
    expect(probe.value).toMatchObject({ status: 'success', data: { title: 'Größe 😀' } });
  });
});

describe('a flag profile that holds something else gets an error that says what it is', () => {
  it.each([
    [
      'Amazon Ion',
      `'colorway'::[ [ (eq $userId "a"), '''{"enabled": true}''' ], '''{"enabled": false}''' ]`,
      'application/octet-stream',
      /it is Amazon Ion.*Agent/,
    ],
    [
      'the document as it is stored',
      '{"version": "1", "flags": {"a": {"name": "a"}}, "values": {"a": {"enabled": true}}}',
      'application/json; stored',
      /it is the stored document/,
    ],
    [
      'JSON as bytes',
      '{"a": {"enabled": true}}',
      'application/octet-stream',
      /Name the right one in decoders/,
    ],
  ])('%s', async (_, text, contentType, message) => {
    const { renderApp, errors } = setup();
    const source = {
      name: 'other',
      getLatestConfiguration: async () => ({
        configuration: new TextEncoder().encode(text),
        contentType,
        nextToken: 'next',
        nextPollIntervalInSeconds: 60,
      }),
    };
    const probe = createProbe(() => useFlagDetails('a'));
    renderApp(<probe.Probe />, { source });
    await advance();
    expect(probe.value?.error?.message).toMatch(message);
    expect(errors).toMatchObject([{ code: 'NotFeatureFlags', profile: 'flags' }]);
  });
});

describe('the persister recipe', () => {
  async function visitTwice(content: string | Uint8Array, contentType: string) {
    const app = setup({ parseYaml });
    app.emulator.deploy({ ...NAME, profile: 'site', content, contentType });
    const first = createProbe(() => useAppConfig('site').data);
    app.renderApp(<first.Probe />, { queryClient: await createPersistedQueryClient() });
    await advance(1_000);
    cleanup();
    const second = createProbe(() => useAppConfig('site').data);
    app.renderApp(<second.Probe />, { queryClient: await createPersistedQueryClient() });
    return { first: first.value, second: second.value };
  }

  it('brings JSON back as it was', async () => {
    const { first, second } = await visitTwice('{"title":"Shop"}', 'application/json');
    expect(second).toEqual(first);
  });

  it.each([
    ['bytes', new Uint8Array([1, 2, 3]), 'application/octet-stream'],
    ['dates', 'since: !!timestamp 2024-01-01\n', 'application/yaml'],
  ])('does not bring %s back as something else', async (_, content, contentType) => {
    const { first, second } = await visitTwice(content, contentType);
    expect(first).toBeDefined();
    expect([undefined, first]).toContainEqual(second);
  });

  it('loses nothing when the storage is full', async () => {
    const rejections: unknown[] = [];
    const heard = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', heard);
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const { first } = await visitTwice('{"title":"Shop"}', 'application/json');
    await advance(MINUTE_MS);
    process.off('unhandledRejection', heard);
    expect(first).toEqual({ title: 'Shop' });
    expect(rejections).toEqual([]);
  });
});
