import { findContentProblem } from '../emulator/deployments/index.ts';
import type { Emulator } from '../emulator/index.ts';
import { CommandError } from './commandError.ts';
import type { ConfigurationFile } from './configurationFile.ts';

/**
 * Deploys what stands in a file.
 *
 * @throws CommandError for content that nobody wants to deploy, InvalidConfigurationError for what AWS AppConfig refuses.
 */
export function deployFile(emulator: Emulator, name: ConfigurationFile, content: Uint8Array): void {
  const problem = findContentProblem(content, name.contentType);
  if (problem) throw new CommandError(problem);
  emulator.deploy({ ...name, content });
}
