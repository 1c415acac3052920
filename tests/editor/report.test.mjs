import assert from 'node:assert/strict';

import { PRICING } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

scenario('the report of a run is a page with its plot', async ({ window, project, step }) => {
  await window.optimize(project, PRICING, 'order_total');
  await window.notifications.close('order_total: fixed'); // a question without an answer takes nothing away
  await window.editor.lens('fixed · 9/9 tests').click();
  const report = await window.preview();
  await window.page.getByRole('tab', { name: 'Preview order_total.md' }).waitFor();
  const plot = report.locator('img[src^="data:image/svg+xml"]').first();
  await plot.waitFor();
  assert.ok(await plot.evaluate((image) => image.complete && image.naturalWidth > 0), 'the plot is drawn');
  await report.locator('body', { hasText: 'order_total' }).waitFor();
  await report.locator('table').first().waitFor();
  await step('report');
});
