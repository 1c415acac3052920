import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after } from 'node:test';

import { Cassette } from './driver/cassette.mjs';
import { scenario } from './driver/scenario.mjs';
import { CONSTANT, MODULE, PROMPT, record, routed, ROWS, withTickets } from './driver/tickets.mjs';
import { until } from './driver/until.mjs';

const NAME = 'route.prompt.md';
const GAIN = '0 % → 100 % on 9 cases';

const recorded = await record();
after(() => recorded.dispose());

let cassette;

scenario(
  'prompts are refined, reviewed, accepted and saved, and every other byte stays',
  async ({ window, project, step }) => {
    const original = fs.readFileSync(project.file(PROMPT));
    await window.editor.open(PROMPT);
    await window.serverReady();
    await window.editor.lens('Score it').waitFor();
    await step('before');
    cassette.hold();
    await window.editor.lens('Refine prompt').click();

    await window.status(`Refining ${NAME}`).waitFor();
    await window.editor.lens('refining…').waitFor();
    await step('progress');
    await cassette.release();
    await window.notifications.shown(`${NAME}: ${GAIN}`).waitFor();
    await window.editor.lens('Apply').waitFor();
    await step('question');
    await window.notifications.answer(NAME, 'Review');

    await window.review.shown('Answer with the queue.', 'Answer with a code alone');
    assert.equal(await window.review.title.innerText(), `${NAME}: current ↔ ${GAIN}`);
    await step('review');
    await window.review.press('Accept');

    await window.editor.tab(PROMPT, '.active.dirty').waitFor();
    await window.editor.line('Answer with a code alone').waitFor();
    await window.editor.lens('100 % on 9 cases · Refine').waitFor();
    assert.deepEqual(fs.readFileSync(project.file(PROMPT)), original, 'nothing is saved before the user saves');
    await step('accepted');
    await window.editor.save(PROMPT);
    const saved = fs.readFileSync(project.file(PROMPT));
    assert.deepEqual(saved, Buffer.from(routed(original.toString())));
    await step('saved');

    await window.command('Secant: Open Report');
    const page = await window.preview();
    await page.getByText('told apart from noise').first().waitFor();
    await step('report');
    await page.locator('p', { hasText: 'Fixed:' }).locator('a').first().click();
    await window.editor.tab(ROWS, '.active').waitFor();
    await step('a row');

    await refineConstant({ window, project, step });
  },
  {
    prepare: (project) => {
      withTickets(project);
      cassette = new Cassette(project, recorded.cassette);
    },
  },
);

/** The same prompt as a constant, whose cases stand beside its Python file; the function below it is left alone. */
async function refineConstant({ window, project, step }) {
  const original = fs.readFileSync(project.file(MODULE));
  await window.editor.open(MODULE);
  await window.editor.lens('Refine prompt').waitFor();
  await step('a constant');
  await window.editor.lens('Refine prompt').click();
  await window.notifications.shown(`${CONSTANT} (desk.py): ${GAIN}`).waitFor();
  await window.notifications.answer(CONSTANT, 'Review');
  await window.review.shown('Answer with the queue.', 'Answer with a code alone');
  await step('review of a constant');
  await window.review.press('Accept');
  await window.editor.tab(MODULE, '.active.dirty').waitFor();
  await window.editor.lens('100 % on 9 cases · Refine').waitFor();
  await step('accepted constant');
  await window.editor.undo();
  await window.editor.lens('Apply').waitFor();
  assert.equal(await window.editor.tab(MODULE, '.dirty').count(), 0, 'one step of undo leaves what was on the disk');
  await window.editor.apply('Answer with a code alone');
  await window.editor.save(MODULE);
  assert.deepEqual(fs.readFileSync(project.file(MODULE)), Buffer.from(routed(original.toString())));
  await window.editor.lens('100 % on 9 cases · Refine').waitFor();
  await step('saved constant');
}

scenario(
  'a prompt is scored on recorded answers, and the rows that it fails are underlined',
  async ({ window, project, step }) => {
    await window.editor.open(PROMPT);
    await window.serverReady();
    await window.command('Secant: Score Prompt');
    await window.notifications.shown(`${NAME}: 67 % on 30 cases`).waitFor();
    await window.editor.lens('67 % on 30 cases · Refine').waitFor();
    await step('the score');

    await window.editor.open(ROWS);
    const underlined = window.page.locator('.editor-group-container.active .squiggly-warning');
    await underlined.first().waitFor();
    await step('the rows');
    await window.command('View: Toggle Problems');
    await window.page.locator('.markers-panel', { hasText: 'fails case 1: expected "BIL", got "Billing"' }).waitFor();
    await step('the problems');
    project.write(ROWS, project.read(ROWS).replaceAll('Billing', 'BIL'));
    await until('the rows of changed data are not underlined', async () => (await underlined.count()) === 0);
  },
  { prepare: (project) => withTickets(project, { recorded: true }) },
);

const FILES = {
  'all/promptfooconfig.yaml': "prompts: ['Sort {{ticket}}']\ntests:\n  - vars: {ticket: a}\n    assert: [{type: equals, value: b}]\n",
  'named/promptfooconfig.yaml': 'prompts: [file://texts/ask.txt]\ntests:\n  - vars: {ticket: a}\n',
  'named/texts/ask.txt': 'Sort {{ticket}}\n',
  'all/own.prompt.yml': "messages:\n  - {role: user, content: 'Sort {{ticket}}'}\ntestData:\n  - {ticket: a, expected: b}\n",
  'all/chat.prompty': '---\nname: sort\n---\nsystem:\nSort.\n\nuser:\n{{ticket}}\n',
  'all/dot.prompt': '---\nmodel: openai/x\n---\n{{role "system"}}\nSort.\n{{role "user"}}\n{{ticket}}\n',
  'all/template.jinja2': 'Sort {{ ticket }}\n',
  'all/note.txt': 'Sort {{ticket}}\n',
  'all/note.md': 'Sort {{ticket}}\n',
  'all/SKILL.md': '---\nname: sort\n---\nSort.\n',
};
const DATA = ['chat', 'dot', 'template', 'note', 'SKILL'];

scenario(
  'every format of prompt files is known to the editor',
  async ({ window, step }) => {
    for (const name of Object.keys(FILES)) {
      await window.editor.open(name);
      await window.editor.lens('Score it').first().waitFor();
      if (name.startsWith('named')) await step(name);
    }
  },
  {
    prepare: (project) => {
      for (const [name, text] of Object.entries(FILES)) project.write(name, text);
      for (const name of DATA) project.write(`all/${name}.eval.jsonl`, '{"ticket": "a", "expected": "b"}\n');
    },
  },
);
