import { PRICING } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

scenario('a file with a syntax error is declined with a reason', async ({ window, project, step }) => {
  await window.editor.open(PRICING);
  await window.editor.goTo(project.lineOf(PRICING, 'def order_total'));
  await window.editor.insertLineAbove('def broken(:');
  await window.editor.goTo(project.lineOf(PRICING, 'goods = 0'));
  await window.command('Secant: Optimize Function at Cursor');
  await window.notifications.shown(`line ${project.lineOf(PRICING, 'def order_total')}`).waitFor();
  await step('the reason');
});
