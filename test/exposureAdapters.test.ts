import { logs } from '@opentelemetry/api-logs';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import { describe, expect, it, vi } from 'vitest';
import type { FlagExposure } from '../src/entries/index.ts';
import { recordExposure } from '../storybook/examples/exposure/cloudWatchRum.ts';
import { toEmbeddedMetric } from '../storybook/examples/exposure/embeddedMetrics.ts';
import { emitExposure } from '../storybook/examples/exposure/openTelemetry.ts';

const EXPOSURE: FlagExposure = {
  profile: 'flags',
  flag: 'new-checkout',
  variant: 'pro',
  value: { enabled: true, maxItems: 20, _variant: 'pro' },
  reason: 'loaded',
  versionLabel: 'v7',
  entityId: 'ada',
};
const { variant: _variant, ...PLAIN } = EXPOSURE;

describe('the examples of the guide send an exposure', () => {
  it('to OpenTelemetry, with the attributes of its semantic conventions', () => {
    const exporter = new InMemoryLogRecordExporter();
    logs.setGlobalLoggerProvider(
      new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }),
    );
    emitExposure(EXPOSURE);
    expect(exporter.getFinishedLogRecords()).toMatchObject([
      {
        eventName: 'feature_flag.evaluation',
        attributes: {
          'feature_flag.key': 'new-checkout',
          'feature_flag.provider.name': 'AWS AppConfig',
          'feature_flag.result.variant': 'pro',
          'feature_flag.result.reason': 'targeting_match',
          'feature_flag.version': 'v7',
          'feature_flag.context.id': 'ada',
        },
      },
    ]);
  });

  it('to CloudWatch RUM, as a custom event', () => {
    const recordEvent = vi.fn<(type: string, data: object) => void>();
    recordExposure({ recordEvent }, { ...PLAIN, variant: undefined });
    expect(recordEvent).toHaveBeenCalledWith('appconfig.flag_exposure', {
      flag: 'new-checkout',
      variant: 'on',
      entityId: 'ada',
    });
  });

  it('to CloudWatch Logs, in the embedded metric format', () => {
    const line: unknown = JSON.parse(toEmbeddedMetric(EXPOSURE, 1_700_000_000_000));
    expect(line).toEqual({
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'react-appconfig',
            Dimensions: [['flag', 'variant']],
            Metrics: [{ Name: 'exposures', Unit: 'Count' }],
          },
        ],
      },
      flag: 'new-checkout',
      variant: 'pro',
      exposures: 1,
    });
  });
});
