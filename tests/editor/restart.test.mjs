import assert from 'node:assert/strict';

import { PRICING, repaired } from './driver/examples.mjs';
import { alive, kill } from './driver/processes.mjs';
import { scenario } from './driver/scenario.mjs';
import { until } from './driver/until.mjs';

scenario('a server that is killed comes back with its proposals', async ({ window, project, workbench, step }) => {
  const original = project.read(PRICING);
  await window.optimize(project, PRICING, 'order_total');
  await window.editor.lens('fixed · 9/9 tests').waitFor();
  const [killed] = workbench.processes('secant_server');
  kill(killed.pid);
  await until('another server runs', () => workbench.processes('secant_server').some(({ pid }) => pid !== killed.pid));
  // The lens of the old server stays for a while: one that follows an edit is the new server's.
  await window.editor.goTo(project.lineOf(PRICING, 'if not lines:'));
  await window.editor.insertLineAbove('lines = list(lines)');
  await window.editor.lens('changed since measured').waitFor();
  await window.editor.deleteLine();
  await window.editor.lens('fixed · 9/9 tests').waitFor();
  await step('offered by the new server');
  await window.editor.apply('if goods >=');
  await window.editor.save(PRICING);
  assert.equal(project.read(PRICING), repaired(original));
});

scenario(
  'a server that is killed during a run leaves no engine',
  async ({ window, project, workbench, step }) => {
    await window.optimize(project, PRICING, 'order_total');
    await window.editor.lens('best 9/9 tests').waitFor();
    const [killed] = workbench.processes('secant_server');
    const [engine] = workbench.processes('secant.machine');
    kill(killed.pid);
    await until('the engine has ended', () => !alive(engine.pid));
    await window.editor.lens('fixed · 9/9 tests · stopped before confirmation').waitFor();
    await step('its best is offered');
  },
  { prepare: (project) => project.hold() },
);
