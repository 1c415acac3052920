import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after } from 'node:test';

import { PYTHON } from './driver/places.mjs';
import { ModelServer } from './driver/modelserver.mjs';
import { answerTo, REPAIRED, ROMAN, withRoman } from './driver/roman.mjs';
import { environmentOf } from './driver/processes.mjs';
import { scenario } from './driver/scenario.mjs';
import { holding } from './driver/searching.mjs';
import { until } from './driver/until.mjs';

const KEY = `sk-${randomBytes(24).toString('hex')}`;
const VARIABLE = 'SHOP_API_KEY';

const model = await ModelServer.start(answerTo, { key: KEY });
after(() => model.stop());

scenario(
  'a key is in the secret storage and reaches the model, and is nowhere else',
  async ({ window, project, workbench, step }) => {
    await window.editor.open(ROMAN);
    await window.serverReady();
    await window.command('Secant: Set API Key');
    await step('the providers');
    await window.quick.find('Another');
    await window.quick.enter('The environment variable', VARIABLE);
    await window.quick.enter(`Key for ${VARIABLE}`, KEY);
    await window.notifications.shown(`${VARIABLE} is stored`).waitFor();
    await step('stored');
    await window.notifications.close(`${VARIABLE} is stored`);

    await window.serverReady();
    await window.optimize(project, ROMAN, 'roman');
    await window.notifications.answer('roman: fixed · 8/8 tests', 'Review');
    await window.review.shown('return "I" * number', 'count, number = divmod(number, value)');
    await window.review.press('Accept');
    await window.editor.save(ROMAN);
    assert.equal(project.read(ROMAN), REPAIRED);
    assert.ok(model.requests.length > 0);
    assert.equal(model.refused, 0);
    await step('repaired');

    // The browser keeps secrets, sealed with a key of which one half is on the server.
    const storage = await window.page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
    assert.match(storage, /secrets\.provider/);
    assert.ok(!storage.includes(KEY) && !storage.includes(VARIABLE));
    assert.deepEqual(holding([workbench.profile.root, project.folder], KEY), []);

    const given = () => workbench.processes('secant_server').map(({ pid }) => environmentOf(pid)[VARIABLE]);
    await window.reload();
    await window.serverReady();
    assert.deepEqual(given(), [KEY], 'it is still there in another window');
    await window.command('Secant: Remove API Key');
    await window.quick.choose(VARIABLE);
    await window.notifications.shown(`${VARIABLE} is removed`).waitFor();
    await until('the server runs without it', () => given().length === 1 && given()[0] === undefined);
    await step('removed');
  },
  {
    settings: {
      machine: {
        'secant.server.command': [PYTHON, '-m', 'secant_server'],
        'secant.interpreter': PYTHON,
        'secant.baseUrl': model.baseUrl,
        'secant.keyVariable': VARIABLE,
      },
      user: { 'secant.model': 'openai/parrot', 'secant.optimizer': 'hessiangrad', 'secant.trace.server': 'verbose' },
    },
    prepare: withRoman,
  },
);
