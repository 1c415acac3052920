import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { after } from 'node:test';

import { PRICING } from './driver/examples.mjs';
import { ModelServer } from './driver/modelserver.mjs';
import { SECANT } from './driver/places.mjs';
import { Project } from './driver/project.mjs';
import { answerTo, REPAIRED, ROMAN, withRoman } from './driver/roman.mjs';
import { scenario } from './driver/scenario.mjs';

const OPTIMIZER = 'hessiangrad'; // from the start: how far rules come before a model is asked depends on the machine

/** Records a run of the command line on another copy of the project. */
async function recorded() {
  const model = await ModelServer.start(answerTo);
  const project = new Project();
  after(() => project.dispose());
  try {
    withRoman(project);
    const cassette = path.join(project.folder, 'roman.jsonl');
    const named = ['--model', 'openai/parrot', '--optimizer', OPTIMIZER, '--base-url', model.baseUrl, '--record', cassette];
    await promisify(execFile)(SECANT, ['optimize', `${ROMAN}::roman`, ...named], { cwd: project.root });
    return cassette;
  } finally {
    await model.stop();
  }
}

const cassette = await recorded();

scenario(
  'a run with a model tells what it spends, and its proposal is accepted',
  async ({ window, project, step }) => {
    await window.optimize(project, ROMAN, 'roman');
    await window.status('2 calls, cost unknown').waitFor();
    await step('progress');
    project.release();
    await window.notifications.answer('roman: fixed · 8/8 tests', 'Review');
    await window.review.shown('return "I" * number', 'count, number = divmod(number, value)');
    await step('review');
    await window.review.press('Accept');
    await window.editor.save(ROMAN);
    assert.equal(project.read(ROMAN), REPAIRED);
    await step('saved');
  },
  {
    settings: { user: { 'secant.model': `cassette:${cassette}`, 'secant.optimizer': OPTIMIZER } },
    prepare: (project) => {
      withRoman(project);
      project.hold();
    },
  },
);

scenario('without any model the list says how to get one', async ({ window, step }) => {
  await window.editor.open(PRICING);
  await window.serverReady();
  await window.command('Secant: Choose Model');
  await window.quick.row('No model').waitFor();
  await step('the list');
  await window.quick.choose('How to get a model');
  await window.page.locator('.getting-started-step.expanded', { hasText: 'secret storage' }).waitFor();
  await (await window.preview()).locator('text', { hasText: 'Which model shall Secant ask?' }).waitFor();
  await step('the walkthrough');
});
