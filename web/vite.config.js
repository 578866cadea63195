// SPDX-License-Identifier: Apache-2.0
// Fixed names and no hashes: the server embeds three files and answers them with an ETag of its own.
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

const licence = name => readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), 'utf8').trim();
const banner = `/*! boneflare: Apache-2.0. htm: Apache-2.0, Google Inc. Preact:\n${licence('preact')}\n*/`;

export default defineConfig({
  base: './',
  build: {
    target: 'es2020',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        banner,
        entryFileNames: 'app.js',
        assetFileNames: asset => (asset.names?.[0] ?? asset.name ?? '').endsWith('.css') ? 'app.css' : '[name][extname]',
        inlineDynamicImports: true,
      },
    },
  },
});
