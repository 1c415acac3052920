// Bundles the extension into dist/extension.js: with a source map, or with `--release` without; `--watch` does so at
// every change.

import * as esbuild from 'esbuild';

const options = {
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  // The `main` of the language client's dependencies is UMD, which cannot be bundled.
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: !process.argv.includes('--release'),
  logLevel: 'info',
};

if (process.argv.includes('--watch')) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
