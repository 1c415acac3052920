import assert from 'node:assert/strict';

import { PRICING, repaired } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

scenario(
  'lines that are put above the function during its run move the proposal along',
  async ({ window, project, step }) => {
    const original = project.read(PRICING);
    await window.optimize(project, PRICING, 'order_total');
    await window.editor.lens('best 9/9 tests').waitFor();
    await window.editor.goTo(project.lineOf(PRICING, 'VOLUME_FROM = 10'));
    await window.editor.insertLineAbove('CURRENCY = "EUR"');
    project.release();
    await window.notifications.answer('order_total: fixed', 'Review');
    await window.review.shown('if amount >=', 'if goods >=');
    await window.review.proposed.locator('.view-line', { hasText: 'CURRENCY = "EUR"' }).waitFor();
    await step('both sides have the new line');
    await window.review.press('Accept');
    await window.editor.save(PRICING);
    const edited = original.replace('VOLUME_FROM = 10\n', 'CURRENCY = "EUR"\nVOLUME_FROM = 10\n');
    assert.equal(project.read(PRICING), repaired(edited));
  },
  { prepare: (project) => project.hold() },
);
