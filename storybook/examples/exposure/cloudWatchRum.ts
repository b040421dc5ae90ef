import type { FlagExposure } from 'react-appconfig';

/** What aws-rum-web's client has, once `allowCustomEvents` is on for the app monitor. */
interface RumClient {
  recordEvent(type: string, data: object): void;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-RUM-custom-events.html */
export function recordExposure(rum: RumClient, { flag, variant, value, entityId }: FlagExposure) {
  rum.recordEvent('appconfig.flag_exposure', {
    flag,
    variant: variant ?? (value.enabled ? 'on' : 'off'),
    entityId,
  });
}
