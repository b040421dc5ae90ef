import type { GetLatestConfigurationCommand } from '@aws-sdk/client-appconfigdata';

/** Carries the failure of a request past the SDK's retry strategy, which retries only what it knows. */
class NotRetried extends Error {
  /** Not called `cause`, where the strategy would find what it knows. */
  readonly failure: unknown;

  constructor(failure: unknown) {
    super('A configuration token is never sent twice.');
    this.failure = failure;
  }
}

/**
 * Makes it impossible for the SDK to send a command's request more than once, with whichever retry
 * strategy the client has: the SDK's retries would send the same single-use token again.
 */
export function sendOnce(command: GetLatestConfigurationCommand): GetLatestConfigurationCommand {
  command.middlewareStack.add(
    (next) => {
      let failure: NotRetried | undefined;
      let isSent = false;
      return async (args) => {
        if (isSent) throw failure;
        isSent = true;
        try {
          return await next(args);
        } catch (error) {
          failure = new NotRetried(error);
          throw failure;
        }
      };
    },
    // Before the SDK's deserializer and after its retries, by step and priority: no SDK-internal name is relied on.
    { name: 'sendConfigurationTokenOnce', step: 'deserialize', priority: 'high' },
  );
  return command;
}

/** The failure as the SDK would have thrown it without {@link sendOnce}. */
export function unwrapNotRetried(error: unknown): unknown {
  return error instanceof NotRetried ? error.failure : error;
}
