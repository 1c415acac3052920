import { PRICING } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

scenario(
  'the tree shows a run, its proposal, and what became of it',
  async ({ window, project, step }) => {
    await window.optimize(project, PRICING, 'order_total');
    await window.runs.show();
    await window.runs.row('Running').waitFor();
    await window.runs.row('order_total').waitFor();
    await step('running');
    project.release();
    await window.runs.row('Ready to review').waitFor();
    await window.runs.row('fixed · 9/9 tests').waitFor();
    await step('ready');
    await window.editor.apply('if goods >=');
    await window.runs.row('Applied').waitFor();
    await step('applied');
  },
  { prepare: (project) => project.hold() },
);
