import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

/** Bundles a Worker as Wrangler does, and starts it in workerd beside an upstream. */
export async function startWorkers(entry, upstreamUrl) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return new Miniflare({
    modules: true,
    script: outputFiles[0].text,
    compatibilityDate: '2026-04-01',
    bindings: { ENDPOINT: upstreamUrl },
  });
}
