import type { TestProject } from 'vitest/node';
import { createEmulator } from '../../src/emulator/index.ts';
import { serveEmulator } from '../../src/emulator/node/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where an emulator listens, with the profile `flags` of shop/production deployed. */
    emulatorUrl: string;
  }
}

/** Serves an emulator over HTTP for the tests that run in a browser. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const emulator = createEmulator();
  emulator.deploy({
    application: 'shop',
    environment: 'production',
    profile: 'flags',
    content: { 'dark-mode': { enabled: true } },
    versionLabel: 'v1',
  });
  const server = await serveEmulator(emulator);
  project.provide('emulatorUrl', server.url);
  return async () => {
    await server.close();
    if (emulator.violations.length > 0) {
      throw new Error(`Protocol violations: ${JSON.stringify(emulator.violations)}`);
    }
  };
}
