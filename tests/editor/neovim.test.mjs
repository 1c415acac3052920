import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { PRICING, repaired } from './driver/examples.mjs';
import { PYTHON } from './driver/places.mjs';
import { Project } from './driver/project.mjs';
import { PROMPT, record, routed, withTickets } from './driver/tickets.mjs';

test('Neovim: a function is repaired through standard requests alone', async () => {
  const project = new Project();
  try {
    const original = project.read(PRICING);
    const seen = await neovim(project, 'optimize.lua', {
      FILE: project.file(PRICING),
      FILETYPE: 'python',
      LINE: String(project.lineOf(PRICING, 'def order_total')),
      SETTINGS: JSON.stringify({ interpreter: PYTHON }),
      WANTED: "Optimize 'order_total' with Secant",
      APPLIES: "Apply optimized 'order_total'",
    });
    assert.equal(seen.failure, undefined, JSON.stringify(seen, null, 2));
    const progress = seen.progress.map((value) => value.kind);
    assert.equal(progress.shift(), 'begin');
    assert.equal(progress.pop(), 'end');
    assert.ok(progress.length > 0 && progress.every((kind) => kind === 'report'));
    assert.equal(seen.progress.at(0).title, 'Optimizing order_total');
    assert.equal(seen.progress.at(-1).message, 'improved: fixed · 9/9 tests (5 failed before)');
    assert.deepEqual(seen.question, {
      message: 'order_total: fixed · 9/9 tests (5 failed before)',
      actions: ['Review', 'Apply', 'Dismiss'],
    });
    assert.deepEqual(seen.messages, []);
    assert.equal(seen.applied, repaired(original));
    assert.equal(seen.modified, true);
    assert.equal(seen.undone, original);
    assert.equal(project.read(PRICING), repaired(original));
  } finally {
    project.dispose();
  }
});

test('Neovim: a prompt is refined through standard requests alone, and every other byte stays', async () => {
  const { cassette, dispose } = await record();
  const project = new Project();
  try {
    withTickets(project);
    const original = project.read(PROMPT);
    const seen = await neovim(project, 'optimize.lua', {
      FILE: project.file(PROMPT),
      FILETYPE: 'markdown',
      LINE: String(project.lineOf(PROMPT, 'Which queue')),
      SETTINGS: JSON.stringify({ model: `cassette:${cassette}` }),
      WANTED: 'Secant: Refine prompt',
      APPLIES: 'Apply refined prompt',
    });
    assert.equal(seen.failure, undefined, JSON.stringify(seen, null, 2));
    const gain = '0 % → 100 % on 9 cases';
    assert.equal(seen.progress.at(-1).message, `improved: ${gain}`);
    assert.equal(seen.question.message, `route.prompt.md: ${gain}`);
    assert.deepEqual(seen.messages, []);
    assert.equal(project.read(PROMPT), routed(original));
  } finally {
    project.dispose();
    dispose();
  }
});

/** Runs a script of neovim/ in a sealed, headless Neovim and gives what it wrote down. */
async function neovim(project, script, settings) {
  const home = path.join(project.root, '.home');
  const result = path.join(home, 'result.json');
  fs.mkdirSync(home);
  const options = ['--headless', '--clean', '-n', '-S', path.join(import.meta.dirname, 'neovim', script)];
  const child = spawn('nvim', options, {
    env: { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', ROOT: project.root, PYTHON, RESULT: result, ...settings },
    cwd: project.root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  await once(child, 'close');
  assert.ok(fs.existsSync(result), `Neovim wrote nothing:\n${errors}`);
  return JSON.parse(fs.readFileSync(result, 'utf8'));
}
