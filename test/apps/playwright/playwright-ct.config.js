import { defineConfig } from '@playwright/experimental-ct-react';

const { CHROMIUM_PATH, CT_PORT } = process.env;

export default defineConfig({
  testDir: 'src',
  reporter: 'line',
  use: {
    ctPort: Number(CT_PORT),
    launchOptions: { executablePath: CHROMIUM_PATH, args: ['--no-sandbox'] },
  },
});
