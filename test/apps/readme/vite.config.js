import { defineConfig } from 'vitest/config';

export default defineConfig({
  build: { rollupOptions: { input: ['index.html', 'aws.html'] } },
  test: { environment: 'jsdom' },
});
