import assert from 'node:assert/strict';

import { PRICING } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

scenario(
  'a function that is edited during its run makes the proposal stale, and is run again',
  async ({ window, project, step }) => {
    const original = project.read(PRICING);
    await window.optimize(project, PRICING, 'order_total');
    await window.editor.lens('best 9/9 tests').waitFor();
    await window.editor.goTo(project.lineOf(PRICING, 'if not lines:'));
    await window.editor.insertLineAbove('lines = list(lines)');
    project.release();
    await window.editor.lens('changed since measured').waitFor();
    await step('stale');

    await window.editor.lens('Run again').click();
    await window.editor.lens('fixed · 9/9 tests').waitFor();
    await step('measured again');
    await window.editor.apply('if goods >=');
    await window.editor.save(PRICING);
    const edited = original.replace('    if not lines:\n', '    lines = list(lines)\n    if not lines:\n');
    assert.equal(project.read(PRICING), edited.replace('if amount >=', 'if goods >='));
  },
  { prepare: (project) => project.hold() },
);
