import assert from 'node:assert/strict';

import { Cassette } from './driver/cassette.mjs';
import { PARCELS, packed } from './driver/examples.mjs';
import { scenario } from './driver/scenario.mjs';

const NAME = 'Solution (parcels.md)';
const FOUND = 'the critique finds no mistake';

let cassette;
const recorded = (project) => (cassette = new Cassette(project, 'parcels.jsonl'));

scenario(
  'a solution is refined, reviewed, accepted and saved',
  async ({ window, project, step }) => {
    const original = project.read(PARCELS);
    await window.editor.open(PARCELS);
    await window.serverReady();
    await window.editor.goTo(project.lineOf(PARCELS, '## Solution'));
    cassette.hold();
    const action = await window.editor.actionMenu('Secant: Refine solution');
    await step('code action');
    await action.click();

    await window.status(`Refining ${NAME}`).waitFor();
    await window.editor.lens('refining…').waitFor();
    await step('progress');
    await cassette.release();
    await window.notifications.shown(`${NAME}: ${FOUND}`).waitFor();
    await window.editor.lens('Apply').waitFor();
    await step('question');
    await window.notifications.answer(NAME, 'Review');

    await window.review.shown('Box 3: 4', 'Box 2: 8 + 6 + 5 + 1');
    assert.equal(await window.review.title.innerText(), `${NAME}: current ↔ ${FOUND}`);
    await step('review');
    await window.review.press('Accept');

    await window.editor.tab(PARCELS, '.active.dirty').waitFor();
    await window.editor.line('Box 2: 8 + 6 + 5 + 1').waitFor();
    assert.equal(project.read(PARCELS), original, 'nothing is saved before the user saves');
    await step('accepted');
    await window.editor.save(PARCELS);
    assert.equal(project.read(PARCELS), packed(original));
    await step('saved');
  },
  { prepare: recorded },
);

scenario(
  'a rejected solution is not offered again, and its report says what judged it',
  async ({ window, project, step }) => {
    const original = project.read(PARCELS);
    await window.editor.open(PARCELS);
    await window.serverReady();
    await window.command('Secant: Refine Solution'); // the cursor is in the problem
    await window.notifications.answer(`${NAME}: ${FOUND}`, 'Review');
    await window.review.shown('Box 3: 4', 'Box 2: 8 + 6 + 5 + 1');
    await window.review.press('Reject');
    await window.editor.lens(FOUND).waitFor({ state: 'detached' });
    assert.equal(await window.editor.tab(PARCELS, '.dirty').count(), 0);
    assert.equal(project.read(PARCELS), original);
    await window.runs.show();
    await window.runs.row('Dismissed').waitFor();
    await step('rejected');

    await window.command('Secant: Open Report');
    const page = await window.preview();
    await page.getByText('Improved: Greedy is not best: both boxes can be full.', { exact: true }).waitFor();
    await page.getByText("the model's own critique, which is weak").first().waitFor();
    await step('report');
  },
  { prepare: recorded },
);
