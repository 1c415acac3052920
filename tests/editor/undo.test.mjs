import assert from 'node:assert/strict';

import { PRICING, repaired } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

scenario('one undo takes an accepted proposal back, and the offer returns', async ({ window, project, step }) => {
  const original = project.read(PRICING);
  await window.optimize(project, PRICING, 'order_total');
  await window.editor.apply('if goods >=');
  await window.editor.tab(PRICING, '.active.dirty').waitFor();
  await window.editor.lens('fixed').waitFor({ state: 'detached' });
  await step('applied');
  await window.editor.undo();
  await window.editor.lens('fixed · 9/9 tests').waitFor();
  await window.editor.tab(PRICING, '.dirty').waitFor({ state: 'detached' });
  await step('offered again');
  await window.editor.apply('if goods >=');
  await window.editor.save(PRICING);
  assert.equal(project.read(PRICING), repaired(original));
});
