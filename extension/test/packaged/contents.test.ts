/** The VSIX as it was packaged. Run by scripts/package.mjs. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const archive = readFileSync(fileURLToPath(new URL(`../../../dist/secant-${version}.vsix`, import.meta.url)));

/** The names in a ZIP file, from the directory at its end. */
function names(zip: Buffer): string[] {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const found: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    found.push(zip.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return found;
}

test('it holds what is needed, and nothing else', () => {
  expect(names(archive).sort()).toEqual(
    [
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension/LICENSE.txt',
      `extension/bundled/secant-${version}-py3-none-any.whl`,
      'extension/bundled/requirements.txt',
      'extension/changelog.md',
      'extension/dist/extension.js',
      'extension/icon.png',
      'extension/l10n/bundle.l10n.json',
      'extension/media/sample/README.md',
      'extension/media/sample/pyproject.toml',
      'extension/media/sample/shop.py',
      'extension/media/sample/test_shop.py',
      'extension/media/secant.svg',
      'extension/media/walkthrough/interpreter.svg',
      'extension/media/walkthrough/model.svg',
      'extension/media/walkthrough/optimize.svg',
      'extension/media/walkthrough/review.svg',
      'extension/media/walkthrough/sample.svg',
      'extension/package.json',
      'extension/package.nls.json',
      'extension/readme.md',
    ].sort(),
  );
});

test('it is small', () => {
  expect(archive.length).toBeLessThanOrEqual(1.5 * 1024 * 1024);
});
