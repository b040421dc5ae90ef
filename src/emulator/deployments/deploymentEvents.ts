import type { NamesAndIds } from './deploymentTypes.ts';
import { hash } from './hash.ts';

const TYPES = {
  'On Deployment Start': 'OnDeploymentStart',
  'On Deployment Step': 'OnDeploymentStep',
  'On Deployment Baking': 'OnDeploymentBaking',
  'On Deployment Complete': 'OnDeploymentComplete',
  'On Deployment Rollback': 'OnDeploymentRolledBack',
} as const;
const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/** What an event is about, by EventBridge's `detail-type`. */
export type DeploymentEventType = keyof typeof TYPES;

/** A name and the id that stands for it. */
interface EventResource {
  readonly Id: string;
  readonly Name: string;
}

/**
 * What EventBridge receives of a deployment, in the form that AWS documents for "On Deployment Complete";
 * the others are like it.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/working-with-appconfig-extensions-about-predefined-notification-eventbridge.html
 */
export interface DeploymentEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': DeploymentEventType;
  readonly source: 'aws.appconfig';
  readonly account: string;
  /** In ISO 8601, by the emulator's clock. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly InvocationId: string;
    readonly Parameters: Readonly<Record<string, string>>;
    readonly Type: (typeof TYPES)[DeploymentEventType];
    readonly Application: EventResource;
    readonly Environment: EventResource;
    readonly ConfigurationProfile: EventResource;
    readonly DeploymentNumber: number;
    readonly ConfigurationVersion: string;
  };
}

/** An event, with ids that are the same in every run. */
export function toDeploymentEvent(
  type: DeploymentEventType,
  at: number,
  names: NamesAndIds,
  { deployment, version }: { readonly deployment: number; readonly version: number },
): DeploymentEvent {
  const seed = JSON.stringify([type, at, names, deployment]);
  const digits = [1, 2, 3].map((round) => hexOf(hash(`${round}${seed}`))).join('');
  return {
    version: '0',
    id: digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    'detail-type': type,
    source: 'aws.appconfig',
    account: ACCOUNT,
    time: new Date(at).toISOString().replace(/\.\d+/, ''),
    region: REGION,
    resources: [`arn:aws:appconfig:${REGION}:${ACCOUNT}:extensionassociation/emulated`],
    detail: {
      InvocationId: hash(seed).slice(-7),
      Parameters: {},
      Type: TYPES[type],
      Application: { Id: names.applicationId, Name: names.application },
      Environment: { Id: names.environmentId, Name: names.environment },
      ConfigurationProfile: { Id: names.profileId, Name: names.profile },
      DeploymentNumber: deployment,
      ConfigurationVersion: String(version),
    },
  };
}

function hexOf(text: string): string {
  return Array.from(text, (letter) => letter.charCodeAt(0).toString(16)).join('');
}
