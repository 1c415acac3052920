// A fresh copy of examples/ in a folder of its own: what a test opens, edits and compares on disk.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { EXAMPLES } from './places.mjs';

export class Project {
  constructor() {
    this.root = fs.mkdtempSync(path.join(os.tmpdir(), 'secant-project-'));
    fs.cpSync(EXAMPLES, this.root, { recursive: true, filter: (source) => !/\.secant|__pycache__/.test(source) });
  }

  file(name) {
    return path.join(this.root, name);
  }

  read(name) {
    return fs.readFileSync(this.file(name), 'utf8');
  }

  write(name, text) {
    fs.writeFileSync(this.file(name), text);
  }

  /** The 1-based number of the first line that holds `text`. */
  lineOf(name, text) {
    const index = this.read(name).split('\n').findIndex((line) => line.includes(text));
    if (index < 0) throw new Error(`${name} has no line with ${JSON.stringify(text)}`);
    return index + 1;
  }

  dispose() {
    fs.rmSync(this.root, { recursive: true, force: true, maxRetries: 10 });
  }
}
