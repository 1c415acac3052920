// A fresh copy of examples/ in a folder of its own: what a test opens, edits and compares on disk.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { EXAMPLES } from './places.mjs';

const HOLDING = `"""A run waits at its confirmation for as long as the file \`held\` is there."""

import time
from pathlib import Path

ORIGINAL = Path(ORIGINAL_FOLDER)
COPY = Path(__file__).parent


def holds_a_candidate() -> bool:
    sources = ORIGINAL.glob("src/*/*.py")
    return any((COPY / file.relative_to(ORIGINAL)).read_bytes() != file.read_bytes() for file in sources)


while (ORIGINAL / "held").exists() and holds_a_candidate():
    time.sleep(0.02)
`;

export class Project {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'secant-'));
    this.root = path.join(this.folder, 'corner-shop');
    fs.cpSync(EXAMPLES, this.root, { recursive: true, filter: (source) => !/\.secant|__pycache__/.test(source) });
  }

  file(name) {
    return path.join(this.root, name);
  }

  read(name) {
    return fs.readFileSync(this.file(name), 'utf8');
  }

  write(name, text) {
    fs.mkdirSync(path.dirname(this.file(name)), { recursive: true });
    fs.writeFileSync(this.file(name), text);
  }

  /** The 1-based number of the first line that holds `text`. */
  lineOf(name, text) {
    const index = this.read(name).split('\n').findIndex((line) => line.includes(text));
    if (index < 0) throw new Error(`${name} has no line with ${JSON.stringify(text)}`);
    return index + 1;
  }

  /**
   * Makes every run wait at its confirmation until `release()`, so that a test can act in the middle of a run for sure.
   * pytest then runs on a copy of the project that holds the candidate, which is how the conftest tells it apart.
   */
  hold() {
    this.write('held', '');
    this.write('conftest.py', HOLDING.replace('ORIGINAL_FOLDER', JSON.stringify(this.root)));
  }

  release() {
    fs.rmSync(this.file('held'));
  }

  dispose() {
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
