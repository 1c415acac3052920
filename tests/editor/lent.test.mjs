import assert from 'node:assert/strict';
import { after } from 'node:test';

import { Lender } from './driver/lender.mjs';
import { ANSWERS, REPAIRED, ROMAN, withRoman } from './driver/roman.mjs';
import { scenario } from './driver/scenario.mjs';

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
    await step('after start');
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await step('later');
  },
  { settings: lender.settings, prepare: withRoman },
);
