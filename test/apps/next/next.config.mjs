const cacheComponents = process.env.CACHE_COMPONENTS === '1';

export default {
  cacheComponents,
  ...(cacheComponents ? { partialPrefetching: true } : { experimental: { useCache: true } }),
  distDir: cacheComponents ? '.next/with-cache-components' : '.next/without',
};
