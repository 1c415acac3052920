import assert from 'node:assert/strict';

import { ANALYSER, PRICING, repaired } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

scenario(
  'two functions are optimized at the same time',
  async ({ window, project, step }) => {
    const original = project.read(PRICING);
    await window.optimize(project, PRICING, 'order_total');
    await window.optimize(project, ANALYSER, 'percentile');
    await window.runs.show();
    await window.runs.row('order_total').waitFor();
    await window.runs.row('percentile').waitFor();
    await step('both run');
    project.release();
    await window.editor.lens('x faster · 12/12 tests').waitFor();
    await step('the slow one is faster');
    await window.editor.apply('ordered.sort()');
    await window.editor.save(ANALYSER);
    assert.match(project.read(ANALYSER), /ordered\.sort\(\)|sorted\(/);

    await window.editor.open(PRICING);
    await window.editor.lens('fixed · 9/9 tests').waitFor();
    await window.editor.apply('if goods >=');
    await window.editor.save(PRICING);
    assert.equal(project.read(PRICING), repaired(original));
  },
  { prepare: (project) => project.hold() },
);
