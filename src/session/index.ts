export { assertSource } from './assertSource.ts';
export { callListener } from './callListener.ts';
export { systemClock, type Clock } from './clock.ts';
export {
  assertEvaluationContext,
  isForEverybody,
  MAX_INTERVAL_IN_SECONDS,
  toConfigurationRequest,
  toEvaluationContext,
} from './configurationRequest.ts';
export { ConfigurationSession } from './configurationSession.ts';
export { createSession, isSameBytes, type Session, type SessionOptions } from './session.ts';
export type {
  ConfigurationContent,
  ConfigurationSessionOptions,
  ConfigurationSnapshot,
} from './configurationSnapshot.ts';
export type {
  ConfigurationIdentifiers,
  ConfigurationRequest,
  ConfigurationSource,
  EvaluationContext,
  LatestConfiguration,
} from './configurationSource.ts';
export { forwardKnown } from './forwardKnown.ts';
export { inMicrotask } from './inMicrotask.ts';
export { isServer } from './isServer.ts';
export { createTimers } from './timers.ts';
export { warn } from './warn.ts';
export { wasReset } from './wasReset.ts';
