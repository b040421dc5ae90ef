import { appendFileSync } from 'node:fs';
import { afterAll, afterEach, expect } from 'vitest';
import { takeProtocolReport } from './emulators.ts';
import { PROTOCOL_REPORT_FILE } from './protocolReport.ts';

let requestCount = 0;

afterEach(() => {
  const { violations, requests } = takeProtocolReport();
  requestCount += requests;
  expect(violations, 'rules of the protocol that a client broke').toEqual([]);
});

afterAll(() => {
  appendFileSync(PROTOCOL_REPORT_FILE, `${requestCount}\n`);
});
