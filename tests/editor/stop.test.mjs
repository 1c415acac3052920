import assert from 'node:assert/strict';

import { PRICING, repaired } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';
import { until } from './driver/until.mjs';

scenario(
  'a run that is stopped midway offers the best so far',
  async ({ window, project, workbench, step }) => {
    const original = project.read(PRICING);
    await window.optimize(project, PRICING, 'order_total');
    await window.editor.lens('best 9/9 tests').waitFor();
    await step('running');
    await window.editor.lens('Stop').click();
    await window.editor.lens('fixed · 9/9 tests · stopped before confirmation').waitFor();
    await window.status('Optimizing order_total').waitFor({ state: 'detached' });
    await until('the engine has ended', () => workbench.processes('secant.machine').length === 0);
    await step('stopped');
    await window.editor.apply('if goods >=');
    await window.editor.save(PRICING);
    assert.equal(project.read(PRICING), repaired(original));
  },
  { prepare: (project) => project.hold() },
);
