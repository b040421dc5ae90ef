import type {
  ConfigurationName,
  ConfigurationStore,
  DeployedConfiguration,
} from '../deployments/index.ts';
import { resourceNotFound } from './serviceError.ts';

/**
 * What is deployed under a name.
 *
 * @throws ServiceError ResourceNotFoundException for the first part of the name that is unknown.
 */
export function findDeployed(
  store: ConfigurationStore,
  name: ConfigurationName,
): DeployedConfiguration {
  const found = store.find(name);
  if (typeof found === 'string') throw resourceNotFound(found, name);
  return found;
}
