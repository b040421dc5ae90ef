import { fireEvent, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import {
  useAppConfig,
  useAppConfigStatus,
  useFlagDetails,
  useSuspenseAppConfig,
  type StandardSchema,
} from '../../src/entries/index.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { advance, createProbe, ErrorBoundary, MINUTE_MS, NAME, setup } from './setup.tsx';

const SiteSettings = z.object({ title: z.string(), links: z.array(z.string()).default([]) });

function setupSettings(options: Parameters<typeof setup>[0] = {}) {
  const app = setup(options);
  const deploySettings = (
    content: string | Uint8Array,
    contentType = 'application/json',
    versionLabel?: string,
  ) => app.emulator.deploy({ ...NAME, profile: 'site', content, contentType, versionLabel });
  deploySettings('{"title": "Shop", "links": ["a"]}');
  return { ...app, deploySettings };
}

describe('useAppConfig', () => {
  it('goes from pending to success, with the version and the media type', async () => {
    const { renderApp, deploySettings } = setupSettings();
    deploySettings('{"title": "Shop"}', 'application/json', 'v3');
    const probe = createProbe(() => useAppConfig('site'));
    renderApp(<probe.Probe />);
    expect(probe.value).toMatchObject({
      status: 'pending',
      isPending: true,
      isError: false,
      data: undefined,
    });
    await advance();
    expect(probe.value).toMatchObject({
      status: 'success',
      isPending: false,
      data: { title: 'Shop' },
      error: undefined,
      versionLabel: 'v3',
      contentType: 'application/json',
    });
    expect(probe.renders).toBe(2);
  });

  it('checks each version once against a schema, however many components read it', async () => {
    let checks = 0;
    const counted: StandardSchema<{ title: string }> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => {
          checks += 1;
          return SiteSettings['~standard'].validate(value);
        },
      },
    };
    const { renderApp, deploySettings } = setupSettings();
    const probe = createProbe(() => useAppConfig('site', { schema: counted }).data);
    renderApp(
      <>
        {Array.from({ length: 20 }, (_, index) => (
          <probe.Probe key={index} />
        ))}
      </>,
    );
    await advance(3 * MINUTE_MS);
    expect(checks).toBe(1);
    deploySettings('{"title": "Shop 2"}');
    await advance(MINUTE_MS);
    expect(checks).toBe(2);
    expect(probe.value).toEqual({ title: 'Shop 2', links: [] });
  });

  it('keeps the last good version when a new one fails its schema, and says where it fails', async () => {
    const { renderApp, deploySettings, errors } = setupSettings();
    const probe = createProbe(() => useAppConfig('site', { schema: SiteSettings }));
    renderApp(<probe.Probe />);
    await advance();
    deploySettings('{"title": "Shop", "links": ["a", 7]}');
    await advance(MINUTE_MS);
    expect(probe.value).toMatchObject({
      status: 'success',
      data: { title: 'Shop', links: ['a'] },
      error: { code: 'SchemaMismatch', profile: 'site', issues: [{ path: ['links', 1] }] },
    });
    expect(probe.value?.error?.message).toContain('links.1');
    await advance(2 * MINUTE_MS);
    expect(errors).toHaveLength(1);
    deploySettings('{"title": "Shop", "links": ["a"]}');
    await advance(MINUTE_MS);
    expect(probe.value).toMatchObject({ status: 'success', error: undefined });
  });

  it('is an error when the first version fails its schema, and recovers with the next', async () => {
    const { renderApp, deploySettings } = setupSettings();
    deploySettings('{"title": 1}');
    const probe = createProbe(() => useAppConfig('site', { schema: SiteSettings }));
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.value).toMatchObject({ status: 'error', isError: true, data: undefined });
    deploySettings('{"title": "one"}');
    await advance(MINUTE_MS);
    expect(probe.value).toMatchObject({ status: 'success', data: { title: 'one' } });
  });

  it.each([
    ['validates asynchronously', () => Promise.resolve({ value: 1 }), 'InvalidArgument'],
    [
      'throws',
      () => {
        throw new Error('in the schema');
      },
      'MalformedContent',
    ],
  ])('reports a schema that %s', async (_, validate, code) => {
    const { renderApp } = setupSettings();
    const schema: StandardSchema = { '~standard': { version: 1, vendor: 'test', validate } };
    const probe = createProbe(() => useAppConfig('site', { schema }));
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.value).toMatchObject({ status: 'error', error: { code } });
  });

  it('renders a selector only when its own value changes, even with a new function each time', async () => {
    const { renderApp, deploySettings } = setupSettings();
    const probe = createProbe(
      () =>
        useAppConfig('site', { schema: SiteSettings, select: ({ links }) => ({ first: links[0] }) })
          .data,
    );
    renderApp(<probe.Probe />);
    await advance();
    deploySettings('{"title": "Other", "links": ["a", "b"]}');
    await advance(MINUTE_MS);
    expect(probe.values).toEqual([undefined, { first: 'a' }]);
    deploySettings('{"title": "Other", "links": ["b"]}');
    await advance(MINUTE_MS);
    expect(probe.values).toEqual([undefined, { first: 'a' }, { first: 'b' }]);
  });

  it('turns a selector that throws into an error of that component alone', async () => {
    const { renderApp } = setupSettings();
    const broken = createProbe(() =>
      useAppConfig('site', {
        select: (): string => {
          throw new Error('in select');
        },
      }),
    );
    const whole = createProbe(() => useAppConfig('site').data);
    renderApp(
      <>
        <broken.Probe />
        <whole.Probe />
      </>,
    );
    await advance();
    expect(broken.value).toMatchObject({ status: 'error', error: { code: 'InvalidArgument' } });
    expect(whole.value).toEqual({ title: 'Shop', links: ['a'] });
  });

  it('shows the default while nothing is known, and says that it is pending', async () => {
    const { renderApp } = setupSettings({ defaults: { site: { title: 'Default' } } });
    const probe = createProbe(() => useAppConfig('site'));
    renderApp(<probe.Probe />);
    expect(probe.value).toMatchObject({ status: 'pending', data: { title: 'Default' } });
    await advance();
    expect(probe.value).toMatchObject({ status: 'success', data: { title: 'Shop' } });
  });

  it('keeps the data through an outage, says why, and recovers', async () => {
    const { renderApp, emulator, errors } = setupSettings();
    const probe = createProbe(() => useAppConfig('site'));
    renderApp(<probe.Probe />);
    await advance();
    emulator.inject({ kind: 'reset', times: Number.POSITIVE_INFINITY });
    await advance(MINUTE_MS + 1_000);
    expect(probe.value).toMatchObject({
      status: 'success',
      data: { title: 'Shop' },
      isStale: true,
      error: { code: 'NetworkFailure' },
    });
    emulator.clearFaults();
    await advance(6 * MINUTE_MS);
    expect(probe.value).toMatchObject({ status: 'success', isStale: false, error: undefined });
    expect(errors.length).toBeGreaterThan(0);
  });

  it('is an error when the profile does not exist, and finds it once it does', async () => {
    const { renderApp, emulator } = setup();
    const probe = createProbe(() => useAppConfig('later'));
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.value).toMatchObject({
      status: 'error',
      error: { code: 'ResourceNotFound', profile: 'later' },
    });
    emulator.deploy({ ...NAME, profile: 'later', content: { there: true } });
    await advance(5 * MINUTE_MS);
    expect(probe.values.map(({ status }) => status)).toEqual(['pending', 'error', 'success']);
  });

  it.each([
    ['text/plain', 'plain text', 'plain text'],
    ['application/json; charset=utf-8', '[1]', [1]],
    ['application/vnd.shop+json', '{"a":1}', { a: 1 }],
    ['application/json', 'null', null],
    ['application/x-yaml', 'a: [1, two]', { a: [1, 'two'] }],
  ])('reads %s', async (contentType, content, expected) => {
    const { renderApp, deploySettings } = setupSettings({ parseYaml });
    deploySettings(content, contentType);
    const probe = createProbe(() => useAppConfig('site'));
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.value).toMatchObject({ status: 'success', data: expected });
  });

  it('hands out bytes of any other type as they are', async () => {
    const { renderApp, emulator } = setup();
    emulator.deploy({ ...NAME, profile: 'bytes', content: new Uint8Array([1, 2, 255]) });
    const probe = createProbe(() => useAppConfig('bytes'));
    renderApp(<probe.Probe />);
    await advance();
    expect(Array.from(z.instanceof(Uint8Array).parse(probe.value?.data))).toEqual([1, 2, 255]);
  });

  it.each([
    ['malformed JSON', '{"title":', 'application/json', 'MalformedContent'],
    ['bytes that are not text', new Uint8Array([0xff, 0xfe]), 'text/plain', 'MalformedContent'],
    ['YAML without a parser', 'a: 1', 'application/yaml', 'UnsupportedContentType'],
    ['a document over the limit', `"${'x'.repeat(200)}"`, 'application/json', 'ContentTooLarge'],
  ])('reports %s and keeps the last good version', async (_, content, contentType, code) => {
    const { renderApp, deploySettings, errors } = setupSettings({ maxContentBytes: 100 });
    const probe = createProbe(() => useAppConfig('site'));
    renderApp(<probe.Probe />);
    await advance();
    deploySettings(content, contentType);
    await advance(MINUTE_MS);
    expect(probe.value).toMatchObject({
      status: 'success',
      data: { title: 'Shop' },
      error: { code },
    });
    expect(errors).toMatchObject([{ code, profile: 'site' }]);
  });

  it('reports a flag hook on a document that holds no flags', async () => {
    const { renderApp, errors } = setupSettings({ flags: 'site' });
    const probe = createProbe(() => useAppConfigStatus());
    const flag = createProbe(() => useFlagDetails('title'));
    renderApp(
      <>
        <probe.Probe />
        <flag.Probe />
      </>,
    );
    await advance();
    expect(flag.value).toMatchObject({
      flag: { enabled: false },
      reason: 'default',
      error: { code: 'NotFeatureFlags' },
    });
    expect(errors).toMatchObject([{ code: 'NotFeatureFlags', profile: 'site' }]);
  });
});

describe('useAppConfigStatus', () => {
  it('knows when the document was confirmed and when the next poll is due, as plain fields of a new object', async () => {
    const { renderApp } = setup();
    const status = createProbe(() => useAppConfigStatus());
    const document = createProbe(() => useAppConfig('flags'));
    renderApp(
      <>
        <status.Probe />
        <document.Probe />
      </>,
    );
    expect(status.value).toMatchObject({ dataUpdatedAt: 0, nextPollAt: undefined });
    await advance();
    const first = status.value;
    const firstPollAt = Date.now();
    expect(first).toMatchObject({
      dataUpdatedAt: firstPollAt,
      nextPollAt: firstPollAt + MINUTE_MS,
    });
    await advance(MINUTE_MS);
    expect(status.value).not.toBe(first);
    expect({ ...status.value }).toMatchObject({
      dataUpdatedAt: firstPollAt + MINUTE_MS,
      nextPollAt: firstPollAt + 2 * MINUTE_MS,
    });
    expect(first?.dataUpdatedAt).toBe(firstPollAt);
    // A field that changes with each poll has no place in what is kept from poll to poll.
    expect(document.renders).toBe(2);
    expect(Object.keys(document.value ?? {})).not.toContain('dataUpdatedAt');
  });

  it('renders at every poll with the countdown, the version and the count', async () => {
    const { renderApp, emulator } = setup();
    const probe = createProbe(() => useAppConfigStatus());
    renderApp(<probe.Probe />);
    expect(probe.value).toMatchObject({ status: 'pending', pollCount: 0, nextPollAt: undefined });
    await advance();
    expect(probe.value).toMatchObject({
      status: 'success',
      pollCount: 1,
      nextPollAt: Date.now() + MINUTE_MS,
    });
    emulator.inject({ kind: 'error', status: 500 });
    await advance(MINUTE_MS);
    expect(
      probe.values.some(
        ({ status, error }) => status === 'success' && error?.code === 'ServiceFailure',
      ),
    ).toBe(true);
    await advance(MINUTE_MS);
    expect(probe.value).toMatchObject({ status: 'success', error: undefined });
  });
});

describe('useSuspenseAppConfig', () => {
  silenceThrownErrors();

  const Title = () => <h1>{useSuspenseAppConfig('site', { schema: SiteSettings }).data.title}</h1>;
  const page = (
    <ErrorBoundary>
      <Suspense fallback={<p>wait</p>}>
        <Title />
      </Suspense>
    </ErrorBoundary>
  );

  it('waits for the configuration, then follows it', async () => {
    const { renderApp, deploySettings, operations } = setupSettings();
    renderApp(page);
    expect(screen.getByText('wait')).toBeDefined();
    await advance();
    expect(screen.getByRole('heading').textContent).toBe('Shop');
    deploySettings('{"title": "New"}');
    await advance(MINUTE_MS);
    expect(screen.getByRole('heading').textContent).toBe('New');
    expect(operations()).toHaveLength(3);
  });

  it('throws to the error boundary when there is nothing to show, and tries again when that is reset', async () => {
    const { renderApp, emulator } = setupSettings();
    emulator.inject({ kind: 'error', status: 403 });
    renderApp(page);
    await advance();
    expect(screen.getByRole('button').textContent).toMatch(/not authorized/);
    fireEvent.click(screen.getByRole('button'));
    await advance();
    expect(screen.getByRole('button').textContent).toMatch(/not authorized/);
    await advance(5 * MINUTE_MS);
    fireEvent.click(screen.getByRole('button'));
    await advance();
    expect(screen.getByRole('heading').textContent).toBe('Shop');
  });

  it('shows the default instead of throwing', async () => {
    const { renderApp, emulator } = setupSettings({ defaults: { site: { title: 'Default' } } });
    emulator.inject({ kind: 'error', status: 403 });
    renderApp(page);
    expect(screen.getByText('wait')).toBeDefined();
    await advance();
    expect(screen.getByRole('heading').textContent).toBe('Default');
  });
});
