import { defineConfig } from 'vite'

export default defineConfig({ root: import.meta.dirname, base: './', build: { outDir: 'built', modulePreload: false, assetsInlineLimit: 0, chunkSizeWarningLimit: 4000 } })
