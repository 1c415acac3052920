import assert from 'node:assert/strict';

import { PRICING } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

scenario('a rejected proposal is not offered again, not even after a reload', async ({ window, project, step }) => {
  const original = project.read(PRICING);
  await window.optimize(project, PRICING, 'order_total');
  await window.editor.lens('fixed · 9/9 tests').waitFor();
  await step('offered');
  await window.notifications.answer('order_total: fixed', 'Review');
  await window.review.shown('if amount >=', 'if goods >=');
  await window.review.press('Reject');
  await window.editor.lens('fixed').waitFor({ state: 'detached' });
  await window.runs.show();
  await window.runs.row('Dismissed').waitFor();
  await step('rejected');

  await window.reload();
  await window.runs.row('Dismissed').waitFor(); // the view is still open, and the new server has answered
  await window.editor.line('if amount >=').waitFor();
  assert.equal(await window.editor.lens('fixed').count(), 0);
  assert.equal(project.read(PRICING), original);
  await step('after the reload');
});
