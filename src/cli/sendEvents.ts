import type { DeploymentEvent, Emulator } from '../emulator/index.ts';
import { reasonOf } from './commandError.ts';

const ATTEMPTS = 5;
const FIRST_DELAY_MS = 500;
const TIMEOUT_MS = 10_000;
/** How often roll-outs are checked while no request comes in. */
const LOOK_EVERY_MS = 1_000;

/** Sends each deployment event to a webhook as JSON, one after the other, and retries what fails. */
export function sendEvents(emulator: Emulator, url: string, tell: (line: string) => void): void {
  let queue = Promise.resolve();
  emulator.onEvent((event) => {
    queue = queue.then(() => send(event, url, tell));
  });
  setInterval(() => emulator.configurations, LOOK_EVERY_MS).unref();
}

async function send(
  event: DeploymentEvent,
  url: string,
  tell: (line: string) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const problem = await post(event, url);
    const what = `event: ${event['detail-type']} of ${event.detail.ConfigurationProfile.Name}`;
    if (!problem) return;
    if (attempt === ATTEMPTS) {
      tell(`${what} was not delivered to ${url}: ${problem}`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, FIRST_DELAY_MS * 2 ** (attempt - 1)));
  }
}

async function post(event: DeploymentEvent, url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok ? undefined : `it answered ${response.status}`;
  } catch (error) {
    return reasonOf(error);
  }
}
