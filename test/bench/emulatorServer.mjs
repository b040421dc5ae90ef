// An emulator on a port, in a process of its own, so that its heap and its core are its own, too.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createEmulator } from '../../dist/entries/emulator.js';
import { serveEmulator } from '../../dist/entries/emulatorNode.js';

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');
const emulator = createEmulator({ pollIntervalInSeconds: 0 });
const flags = Array.from({ length: 50 }, (_, index) => [`flag-${index}`, { enabled: true, index }]);
emulator.deploy({
  application: 'shop',
  environment: 'production',
  profile: 'flags',
  content: Object.fromEntries(flags),
});
const { url } = await serveEmulator(emulator);
process.on('message', (/** @type {{ advanceMs?: number }} */ { advanceMs = 0 }) => {
  emulator.advance(advanceMs);
  const sessions = emulator.sessions.length;
  collectGarbage();
  process.send?.({ heapBytes: process.memoryUsage().heapUsed, sessions });
});
process.send?.({ url });
