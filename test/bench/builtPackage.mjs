import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entries = fileURLToPath(new URL('../../dist/entries', import.meta.url));

/** How Vite finds the package as it was built, beside this folder's own React and peers. */
export const BUILT_PACKAGE = {
  dedupe: ['react', 'react-dom', '@tanstack/react-query'],
  alias: ['', 'appconfigdata', 'emulator', 'sources'].map((entry) => ({
    find: new RegExp(`^react-appconfig${entry && `/${entry}`}$`),
    replacement: join(entries, `${entry || 'index'}.js`),
  })),
};
