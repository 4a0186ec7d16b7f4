import { defineConfig } from 'vitest/config'

// No source maps and nothing inlined: the page is embedded in the aggregator and served under a policy that allows files of its own only.
export default defineConfig({
  base: './',
  build: { sourcemap: false, assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022', reportCompressedSize: true },
  server: { proxy: { '/api': 'http://127.0.0.1:7199' } },
  test: { include: ['spec/**/*.spec.ts'], environment: 'node' },
})
