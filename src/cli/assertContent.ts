import { findContentProblem } from '../emulator/deployments/index.ts';
import { CommandError } from './commandError.ts';

/** @throws CommandError for content that nobody wants to deploy: empty, or broken. */
export function assertContent(content: Uint8Array, contentType: string): void {
  const problem = findContentProblem(content, contentType);
  if (problem) throw new CommandError(problem);
}
