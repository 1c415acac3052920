import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { vscode: fileURLToPath(new URL('test/vscode.ts', import.meta.url)) } },
  // The language client asks for `vscode` too, and is to get the same one.
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/packaged/**'],
    server: { deps: { inline: [/vscode-language/] } },
  },
});
