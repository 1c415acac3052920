import assert from 'node:assert/strict';

import { PRICING, repaired } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

scenario('a wrong function is repaired, reviewed, accepted and saved', async ({ window, project, step }) => {
  const original = project.read(PRICING);
  await window.editor.open(PRICING);
  await window.serverReady();
  await window.editor.goTo(project.lineOf(PRICING, 'def order_total'));
  const action = await window.editor.actionMenu("Optimize 'order_total' with Secant");
  await step('code action');
  await action.click();

  await window.status('Optimizing order_total').waitFor();
  await step('progress');
  await window.notifications.shown('order_total: fixed · 9/9 tests').waitFor();
  await step('question');
  await window.notifications.answer('order_total: fixed', 'Review');

  await window.review.shown('if amount >= FREE_SHIPPING_FROM', 'if goods >= FREE_SHIPPING_FROM');
  assert.match(await window.review.title.innerText(), /^order_total: current ↔ fixed/);
  await step('review');
  await window.review.press('Accept');

  await window.editor.tab(PRICING, '.active.dirty').waitFor();
  await window.editor.line('if goods >= FREE_SHIPPING_FROM').waitFor();
  assert.equal(project.read(PRICING), original, 'nothing is saved before the user saves');
  await step('accepted');
  await window.editor.save(PRICING);
  assert.equal(project.read(PRICING), repaired(original));
  await step('saved');
});
