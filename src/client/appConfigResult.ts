import { isSameStructure } from '../configuration/index.ts';
import { asAppConfigError } from '../errors/index.ts';
import type { ConfigurationResult, ViewResult } from './configurationView.ts';
import type { ProfileObserver } from './profileObserver.ts';
import { deriveStore, type Store } from './store.ts';

/** What `useAppConfig` returns: a configuration, and what a component may want to know about it. */
export type AppConfigResult<Data> = ResultWithFlags<Data> & {
  /** True while `data` is the last good configuration of a cache, or the newest poll failed. */
  readonly isStale: boolean;
  /** The label of the version that `data` comes from, if it has one. */
  readonly versionLabel: string | undefined;
  /** The media type that `data` was delivered as. */
  readonly contentType: string | undefined;
  /** When `data` was last confirmed, in milliseconds since 1970; 0 before. Fresh at each reading. */
  readonly dataUpdatedAt: number;
  /** When the next poll may go out, in milliseconds since 1970. Fresh at each reading. */
  readonly nextPollAt: number | undefined;
  /** Polls if a poll is due, and resolves when it is over, well or not. */
  readonly refetch: () => Promise<void>;
};

type ResultWithFlags<Data> = ConfigurationResult<Data> &
  (
    | {
        readonly status: 'pending';
        /** True until the first poll is over: `data` is the default, or undefined. */
        readonly isPending: true;
        readonly isError: false;
      }
    | {
        readonly status: 'error';
        readonly isPending: false;
        /** True while there is an error and no configuration. A failed poll does not take `data` away. */
        readonly isError: true;
      }
    | { readonly status: 'success'; readonly isPending: false; readonly isError: false }
  );

/** A view's results for a component, which sees only what it selects. */
export function createResultStore<Document, Data>(
  view: Store<ViewResult<Document>>,
  observer: ProfileObserver,
  select: (document: Document) => Data,
): Store<AppConfigResult<Data>> {
  return deriveStore(view, () => {
    let seen: ViewResult<Document> | undefined;
    let current: { selected: ViewResult<Data>; result: AppConfigResult<Data> } | undefined;
    return (next) => {
      if (current && next === seen) return current.result;
      seen = next;
      const selected = selectData(next, select, current?.selected);
      if (!current || !isSame(selected, current.selected)) {
        current = { selected, result: createResult(selected, observer) };
      }
      return current.result;
    };
  });
}

function selectData<Document, Data>(
  result: ViewResult<Document>,
  select: (document: Document) => Data,
  previous: ViewResult<Data> | undefined,
): ViewResult<Data> {
  if (!hasData(result)) return { ...result, data: undefined };
  try {
    const data = select(result.data);
    const isEqual = previous?.data !== undefined && isSameStructure(previous.data, data);
    return { ...result, data: isEqual ? previous.data : data };
  } catch (thrown) {
    const error = asAppConfigError(thrown, 'InvalidArgument', 'The select function');
    return { status: 'error', data: previous?.data, error, delivered: result.delivered };
  }
}

function hasData<Document>(
  result: ViewResult<Document>,
): result is ViewResult<Document> & { readonly data: Document } {
  return result.status === 'success' || result.data !== undefined;
}

function isSame<Data>(a: ViewResult<Data>, b: ViewResult<Data>): boolean {
  return (
    Object.is(a.data, b.data) &&
    a.status === b.status &&
    a.error === b.error &&
    (a.delivered === undefined) === (b.delivered === undefined) &&
    a.delivered?.versionLabel === b.delivered?.versionLabel &&
    a.delivered?.contentType === b.delivered?.contentType
  );
}

function createResult<Data>(
  result: ViewResult<Data>,
  observer: ProfileObserver,
): AppConfigResult<Data> {
  const { status, error, delivered } = result;
  return {
    ...withFlags(result),
    isStale: status === 'success' && (error !== undefined || delivered === undefined),
    versionLabel: delivered?.versionLabel,
    contentType: delivered?.contentType,
    refetch: observer.refetch,
    // Getters, because they change with every poll, which is no reason to render.
    get dataUpdatedAt() {
      return observer.query.state.dataUpdatedAt;
    },
    get nextPollAt() {
      return observer.session.nextPollAt;
    },
  };
}

function withFlags<Data>(result: ConfigurationResult<Data>): ResultWithFlags<Data> {
  switch (result.status) {
    case 'pending': {
      const { status, data, error } = result;
      return { status, data, error, isPending: true, isError: false };
    }
    case 'error': {
      const { status, data, error } = result;
      return { status, data, error, isPending: false, isError: true };
    }
    case 'success': {
      const { status, data, error } = result;
      return { status, data, error, isPending: false, isError: false };
    }
  }
}
