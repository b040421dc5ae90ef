import type {
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';

// After the SDK's credentials, region and retries and before its deserializer, by step and priority: no
// SDK-internal name is relied on.
const BEFORE_SENDING = { step: 'deserialize', priority: 'high' } as const;

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
 *
 * @param onSend called when the request is about to leave: what fails before was never sent
 */
export function sendOnce(
  command: GetLatestConfigurationCommand,
  onSend: () => void,
): GetLatestConfigurationCommand {
  command.middlewareStack.add((next, context) => {
    silence(context);
    let failure: NotRetried | undefined;
    let isSent = false;
    return async (args) => {
      if (isSent) throw failure;
      isSent = true;
      onSend();
      try {
        return await next(args);
      } catch (error) {
        failure = new NotRetried(error);
        throw failure;
      }
    };
  }, BEFORE_SENDING);
  return command;
}

/** The failure as the SDK would have thrown it without {@link sendOnce}. */
export function unwrapNotRetried(error: unknown): unknown {
  return error instanceof NotRetried ? error.failure : error;
}

/** Calls back each time that the request is about to leave. */
export function tellSending(
  command: StartConfigurationSessionCommand,
  onSend: () => void,
): StartConfigurationSessionCommand {
  command.middlewareStack.add((next, context) => {
    silence(context);
    return (args) => {
      onSend();
      return next(args);
    };
  }, BEFORE_SENDING);
  return command;
}

/**
 * When a body ends because nobody waits for it any more, the SDK cannot add a hint to the browser's own error, and
 * writes it to the console: unless its logger is another one than the one that says nothing.
 */
function silence<Logger extends object>(context: { logger?: Logger }): void {
  const { logger } = context;
  if (logger?.constructor.name === 'NoOpLogger') context.logger = { ...logger };
}
