import type { Emulator } from '../emulator/index.ts';
import { assertContent } from './assertContent.ts';
import type { ConfigurationFile } from './configurationFile.ts';

/**
 * Deploys what stands in a file.
 *
 * @throws CommandError for content that nobody wants to deploy, InvalidConfigurationError for what AWS AppConfig refuses.
 */
export function deployFile(emulator: Emulator, name: ConfigurationFile, content: Uint8Array): void {
  assertContent(content, name.contentType);
  emulator.deploy({ ...name, content });
}
