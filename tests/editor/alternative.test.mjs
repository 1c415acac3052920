import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { ANALYSER } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';
import { until } from './driver/until.mjs';

scenario('an alternative is picked, reviewed and accepted', async ({ window, project, step }) => {
  const proposed = async () => (await window.review.proposed.allInnerTexts()).join('');
  const drawn = (text) => text.includes('returning_visitors') && text.includes('percentile');
  await window.optimize(project, ANALYSER, 'returning_visitors');
  await window.notifications.answer('returning_visitors: ', 'Review');
  await window.review.shown('if entry.visitor in known', 'def returning_visitors');
  const winner = await proposed();
  await window.command('Secant: Choose Alternative…');
  const other = window.quick.rowWithout('The proposal');
  await other.waitFor();
  await step('the pick');
  await other.click();
  await until('the alternative is shown', async () => {
    const text = await proposed();
    return drawn(text) && text !== winner;
  });
  await window.review.shown('if entry.visitor in known', 'def returning_visitors');
  await step('the alternative');
  await window.review.press('Accept');
  await window.editor.save(ANALYSER);
  const { source, alternatives } = ending(project);
  assert.ok(project.read(ANALYSER).includes(alternatives[0].source));
  assert.ok(!project.read(ANALYSER).includes(source));
});

/** The last event of the project's only run. */
function ending(project) {
  const runs = path.join(project.root, '.secant', 'runs');
  const [journal] = fs.readdirSync(runs);
  return JSON.parse(fs.readFileSync(path.join(runs, journal), 'utf8').trimEnd().split('\n').at(-1));
}
