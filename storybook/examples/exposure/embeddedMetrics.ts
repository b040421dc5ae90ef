import type { FlagExposure } from 'react-appconfig';

/** What a page sends: navigator.sendBeacon('/exposures', JSON.stringify(exposure)). */
type Sent = Pick<FlagExposure, 'flag' | 'variant' | 'value'>;

/**
 * A line that CloudWatch Logs makes a metric of, for console.log in a Lambda function.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function toEmbeddedMetric({ flag, variant, value }: Sent, now = Date.now()): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: 'react-appconfig',
          Dimensions: [['flag', 'variant']],
          Metrics: [{ Name: 'exposures', Unit: 'Count' }],
        },
      ],
    },
    flag,
    variant: variant ?? (value.enabled ? 'on' : 'off'),
    exposures: 1,
  });
}
