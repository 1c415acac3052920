import assert from 'node:assert/strict';
import { after } from 'node:test';

import { Lender } from './driver/lender.mjs';
import { ANSWERS, REPAIRED, ROMAN, withRoman } from './driver/roman.mjs';
import { scenario } from './driver/scenario.mjs';
import { until } from './driver/until.mjs';

const OURS = 'Allow Secant to send code to Parrot';
const THEIRS = 'wants to access the language models provided by Lender';

const lender = new Lender(ANSWERS);
after(() => lender.dispose());

scenario(
  'a model that the editor lends repairs what no rule can, after it was allowed',
  async ({ window, project, step }) => {
    await window.editor.open(ROMAN);
    await window.serverReady();
    await window.command('Secant: Choose Model');
    await window.quick.row('Parrot').waitFor();
    await step('the models');
    await window.quick.choose('Parrot');
    await window.optimize(project, ROMAN, 'roman');

    await window.dialog(OURS).waitFor();
    await step('the question');
    await window.answer(OURS, 'Cancel');
    await window.notifications.shown('Nothing is sent to Parrot, and no run was started').waitFor();
    assert.deepEqual(lender.requests(), []);
    await step('declined');

    await window.optimize(project, ROMAN, 'roman');
    await window.answer(OURS, 'Allow');
    await window.dialog(THEIRS).waitFor();
    await step("the editor's own question");
    await window.answer(THEIRS, 'Allow');

    await window.notifications.shown('roman: fixed · 8/8 tests').waitFor();
    await step('found');
    await window.notifications.answer('roman: fixed', 'Review');
    await window.review.shown('return "I" * number', 'count, number = divmod(number, value)');
    await step('review');
    await window.review.press('Accept');
    await window.editor.save(ROMAN);
    assert.equal(project.read(ROMAN), REPAIRED);
    for (const { initiator, messages } of lender.requests()) {
      assert.equal(initiator, 'secant.secant');
      assert.deepEqual(messages.map(({ role }) => role), [1], 'the system is a part of what the user says');
    }
    await step('saved');
  },
  { settings: lender.settings, prepare: withRoman },
);

const slow = new Lender([ANSWERS[0], ['', 'never']]);
after(() => slow.dispose());

scenario(
  'a run that is stopped takes its request back, and a subscription that is used up ends a run',
  async ({ window, project, workbench, step }) => {
    const text = project.read(ROMAN);
    await window.editor.open(ROMAN);
    await window.serverReady();
    await window.editor.goTo(project.lineOf(ROMAN, 'def roman'));
    await (await window.editor.actionMenu("Optimize 'roman' with Secant")).click(); // asks as the command does
    await window.answer(OURS, 'Allow');
    await window.answer(THEIRS, 'Allow');
    await until('the model is asked', () => slow.requests().length > 1);
    await window.editor.lens('Stop').click();
    await until('the request is cancelled', () => slow.cancelled);
    await until('the engine has ended', () => workbench.processes('secant.machine').length === 0);
    await window.editor.lens('Stop').waitFor({ state: 'detached' });

    slow.answer([['', '', 'Your monthly requests are used up.']]);
    await window.optimize(project, ROMAN, 'roman');
    await window.notifications.shown('quota').filter({ hasText: 'Your monthly requests are used up' }).waitFor();
    await step('the message');
    assert.equal(project.read(ROMAN), text);
  },
  {
    settings: { ...slow.settings, user: { 'secant.model': 'vscode:lender/parrot', 'secant.optimizer': 'textgrad' } },
    prepare: withRoman,
  },
);
