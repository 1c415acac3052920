import assert from 'node:assert/strict';
import { after } from 'node:test';

import { Lender } from './driver/lender.mjs';
import { ANSWERS, REPAIRED, ROMAN, withRoman } from './driver/roman.mjs';
import { scenario } from './driver/scenario.mjs';

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

const used = new Lender([ANSWERS[0], ['', '', 'Your monthly requests are used up.']]);
after(() => used.dispose());

scenario(
  'a subscription that is used up ends the run, and says so',
  async ({ window, project, step }) => {
    const text = project.read(ROMAN);
    await window.editor.open(ROMAN);
    await window.serverReady();
    await window.optimize(project, ROMAN, 'roman');
    await window.answer(OURS, 'Allow');
    await window.answer(THEIRS, 'Allow');
    await window.notifications.shown('quota').filter({ hasText: 'Your monthly requests are used up' }).waitFor();
    await step('the message');
    assert.equal(project.read(ROMAN), text);
  },
  { settings: { ...used.settings, user: { 'secant.model': 'vscode:lender/parrot', 'secant.optimizer': 'textgrad' } }, prepare: withRoman },
);
