// The extension of extensions/lender, as a package that a workbench installs, and the folder with its script.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { PYTHON, REPOSITORY } from './places.mjs';

const SOURCE = path.join(REPOSITORY, 'tests/editor/extensions/lender');

export class Lender {
  constructor(script) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'secant-lender-'));
    this.vsix = path.join(this.folder, 'lender.vsix');
    fs.cpSync(SOURCE, path.join(this.folder, 'extension'), { recursive: true });
    execFileSync(PYTHON, ['-m', 'zipfile', '-c', this.vsix, 'extension/'], { cwd: this.folder });
    this.answer(script);
  }

  /** What a workbench needs to have it: one of its proposed interfaces makes the editor ask for consent. */
  get settings() {
    return {
      extensions: [this.vsix],
      proposed: ['secant-tests.lender'],
      environment: { SECANT_LENDER: this.folder },
    };
  }

  answer(script) {
    fs.writeFileSync(path.join(this.folder, 'script.json'), JSON.stringify(script));
  }

  /** What was asked until now. */
  requests() {
    const file = path.join(this.folder, 'requests.jsonl');
    const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
    return lines.map((line) => JSON.parse(line));
  }

  /** Whether a request was taken back. */
  get cancelled() {
    return fs.existsSync(path.join(this.folder, 'cancelled'));
  }

  dispose() {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
