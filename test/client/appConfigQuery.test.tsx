import { QueryClient, useQuery } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import {
  AppConfigClient,
  AppConfigProvider,
  appConfigQuery,
  useAppConfigClient,
  type StandardSchema,
} from '../../src/entries/index.ts';
import { advance, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

/** Refuses a document without a title, and makes of it the title alone. */
const schema: StandardSchema<string> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate(value) {
      const title: unknown = Reflect.get(Object(value), 'title');
      return typeof title === 'string' ? { value: title } : { issues: [{ message: 'no title' }] };
    },
  },
};

function setupSettings(content: { title?: string }) {
  const app = setup();
  const deploy = (next: { title?: string }) =>
    app.emulator.deploy({ ...NAME, profile: 'site', content: next });
  deploy(content);
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const client = new AppConfigClient({ ...app.props, queryClient });
  const query = () => appConfigQuery(client, 'site', { schema });
  return { ...app, deploy, queryClient, client, query };
}

/** What a promise comes to, after all that it waits for. */
async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = promise.then(
    (value) => value,
    (error: unknown) => error,
  );
  await advance();
  return outcome;
}

describe('appConfigQuery with a schema', () => {
  it('validates what fetchQuery and ensureQueryData bring, also from the cache', async () => {
    const { queryClient, client, query } = setupSettings({});
    const refused = { code: 'SchemaMismatch', profile: 'site' };
    expect(await outcomeOf(queryClient.fetchQuery(query()))).toMatchObject(refused);
    expect(await outcomeOf(queryClient.fetchQuery(appConfigQuery(client, 'site')))).toMatchObject({
      value: {},
    });
    expect(await outcomeOf(queryClient.fetchQuery(query()))).toMatchObject(refused);
    client.dispose();
  });

  it('resolves with what the cache holds where the schema accepts it, and asks once an interval', async () => {
    const { queryClient, client, query, operations } = setupSettings({ title: 'Shop' });
    const good = { value: { title: 'Shop' } };
    expect(await outcomeOf(queryClient.fetchQuery(query()))).toMatchObject(good);
    expect(await outcomeOf(queryClient.fetchQuery(query()))).toMatchObject(good);
    expect(operations()).toHaveLength(2);
    client.dispose();
  });

  it('fails for nobody who reads the same document without the schema', async () => {
    const { queryClient, client, query } = setupSettings({});
    function Plain() {
      const { status, data } = useQuery(appConfigQuery(useAppConfigClient(), 'site'));
      return <p>{`${status} ${JSON.stringify(data)}`}</p>;
    }
    const page = (
      <AppConfigProvider client={client}>
        <Plain />
      </AppConfigProvider>
    );
    await outcomeOf(queryClient.fetchQuery(query()));
    render(page);
    expect(screen.getByText('success {}')).toBeTruthy();
    await outcomeOf(queryClient.fetchQuery({ ...query(), staleTime: 0 }));
    expect(screen.getByText('success {}')).toBeTruthy();
    client.dispose();
  });

  it('shows an error in useQuery until a version satisfies it', async () => {
    const { client, deploy } = setupSettings({});
    function Title() {
      const { status, data, error } = useQuery(
        appConfigQuery(useAppConfigClient(), 'site', { schema }),
      );
      return <p>{`${status} ${data ?? error?.name}`}</p>;
    }
    render(
      <AppConfigProvider client={client}>
        <Title />
      </AppConfigProvider>,
    );
    await advance();
    expect(screen.getByText('error SchemaError')).toBeTruthy();
    deploy({ title: 'Shop' });
    await advance(MINUTE_MS);
    // TanStack Query tells its observers a timeout later.
    await advance(1);
    expect(screen.getByText('success Shop')).toBeTruthy();
    client.dispose();
  });
});
