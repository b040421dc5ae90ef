import { createAdaptorServer } from '@hono/node-server';
import type { TestProject } from 'vitest/node';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { serveEmulator } from '../../src/emulator/node/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where an emulator listens, with the profile `flags` of shop/production deployed. */
    emulatorUrl: string;
    /** The same emulator behind a network that stops in the middle of every configuration. */
    stallingUrl: string;
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
  const stalling = createAdaptorServer({ fetch: (request) => answerHalf(emulator, request) });
  await new Promise<void>((resolve) => {
    stalling.listen(0, '127.0.0.1', resolve);
  });
  const address = stalling.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  project.provide('stallingUrl', `http://127.0.0.1:${port}`);
  return async () => {
    stalling.close();
    await server.close();
    if (emulator.violations.length > 0) {
      throw new Error(`Protocol violations: ${JSON.stringify(emulator.violations)}`);
    }
  };
}

async function answerHalf(emulator: Emulator, request: Request): Promise<Response> {
  const answer = await emulator.fetch(request);
  if (request.method !== 'GET' || !answer.ok) return answer;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const headers = new Headers(answer.headers);
  headers.delete('Content-Length');
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(bytes.slice(0, bytes.length / 2)),
  });
  return new Response(body, { status: answer.status, headers });
}
