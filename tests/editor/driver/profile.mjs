// A sealed profile: folders of its own for settings, extensions and home, so that a workbench finds nothing of the
// person who runs the tests, and leaves nothing behind.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { NODE, PYTHON } from './places.mjs';

const QUIET = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'git.enabled': false,
  'files.autoSave': 'off',
  'editor.minimap.enabled': false,
  'diffEditor.renderSideBySide': true,
  'diffEditor.useInlineViewWhenSpaceIsLimited': false,
};

// Settings of the scope `machine` count in Machine/settings.json only: a window of code-server is a remote window.
const OURS = { 'secant.server.command': [PYTHON, '-m', 'secant_server'], 'secant.interpreter': PYTHON };

const NO_GALLERY = { serviceUrl: '', itemUrl: '', resourceUrlTemplate: '', controlUrl: '', nlsBaseUrl: '' };

export class Profile {
  /** `user` and `machine` are settings, `environment` what the workbench's processes get besides. */
  constructor({ user = {}, machine = OURS, environment = {} } = {}) {
    this.root = fs.mkdtempSync(path.join(os.tmpdir(), 'secant-editor-'));
    this.home = this.#folder('home');
    this.data = this.#folder('data');
    this.extensions = this.#folder('extensions');
    this.logs = path.join(this.data, 'logs');
    this.#write('data/User/settings.json', { ...QUIET, ...user });
    this.#write('data/Machine/settings.json', machine);
    fs.writeFileSync(path.join(this.root, 'config.yaml'), 'auth: none\n');
    this.environment = {
      PATH: `${path.dirname(NODE)}:/usr/local/bin:/usr/bin:/bin`,
      HOME: this.home,
      LANG: 'C.UTF-8',
      SHELL: '/bin/bash',
      EXTENSIONS_GALLERY: JSON.stringify(NO_GALLERY),
      ...environment,
    };
    this.options = [
      ...['--config', path.join(this.root, 'config.yaml')],
      ...['--user-data-dir', this.data],
      ...['--extensions-dir', this.extensions],
    ];
  }

  dispose() {
    fs.rmSync(this.root, { recursive: true, force: true, maxRetries: 10 });
  }

  #folder(name) {
    const folder = path.join(this.root, name);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }

  #write(name, settings) {
    const file = path.join(this.root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify(settings, null, 2));
  }
}
