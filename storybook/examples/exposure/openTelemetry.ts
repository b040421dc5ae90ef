import { logs } from '@opentelemetry/api-logs';
import type { FlagExposure } from 'react-appconfig';

const logger = logs.getLogger('react-appconfig');

/** https://opentelemetry.io/docs/specs/semconv/feature-flags/feature-flags-events/ */
export function emitExposure({
  flag,
  variant,
  value,
  reason,
  versionLabel,
  entityId,
}: FlagExposure) {
  logger.emit({
    eventName: 'feature_flag.evaluation',
    attributes: {
      'feature_flag.key': flag,
      'feature_flag.provider.name': 'AWS AppConfig',
      'feature_flag.result.variant': variant ?? (value.enabled ? 'on' : 'off'),
      'feature_flag.result.reason': reason === 'loaded' ? 'targeting_match' : reason,
      'feature_flag.version': versionLabel,
      'feature_flag.context.id': entityId,
    },
  });
}
