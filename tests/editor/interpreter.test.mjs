import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

import { PRICING } from './driver/examples.mjs';
import { PYTHON } from './driver/places.mjs';
import { scenario } from './driver/scenario.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'secant-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const machine = (interpreter) => ({
  'secant.server.command': [PYTHON, '-m', 'secant_server'],
  'secant.interpreter': interpreter,
});

/** A true environment in which nothing was installed. */
function bare() {
  const root = path.join(folder, 'bare');
  execFileSync(PYTHON, ['-m', 'venv', '--without-pip', root]);
  return path.join(root, 'bin', 'python');
}

/** What a Python 3.6 answers when it is asked what it is: an old one is not at hand everywhere. */
function old() {
  const file = path.join(folder, 'python3.6');
  const answer = { version: [3, 6, 15], executable: file, prefix: folder, implementation: 'cpython', pytest_version: '6.0' };
  fs.writeFileSync(file, `#!/bin/sh\necho 'secant-interpreter ${JSON.stringify(answer)}'\n`, { mode: 0o755 });
  return file;
}

const cases = [
  ['an interpreter without pytest', bare(), 'has no pytest', '-m pip install pytest'],
  ['an interpreter that is too old', old(), 'Python 3.6', '3.9'],
];

for (const [title, interpreter, reason, remedy] of cases) {
  scenario(
    `${title} is one message that says what to do`,
    async ({ window, project, step }) => {
      const text = project.read(PRICING);
      await window.optimize(project, PRICING, 'order_total');
      await window.notifications.shown(reason).filter({ hasText: remedy }).waitFor();
      await window.notifications.shown('the setting secant.interpreter').waitFor();
      await step('the message');
      assert.equal(await window.notifications.all().count(), 1);
      assert.equal(await window.editor.tab(PRICING, '.dirty').count(), 0);
      assert.equal(project.read(PRICING), text);
    },
    { settings: { machine: machine(interpreter) } },
  );
}
