// A test: a fresh copy of examples/ in a fresh window, screenshots of its steps, and what is kept when it fails.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';

import { FAILURES, SCREENSHOTS, slug } from './places.mjs';
import { Project } from './project.mjs';
import { until } from './until.mjs';
import { Workbench } from './workbench.mjs';

let shared = null; // one workbench for all tests that are content with the usual settings: a start costs seconds

after(async () => (await shared)?.stop());

/**
 * Runs `body({ window, project, workbench, step })`. `step(name)` takes a screenshot. With `settings`, the test has a
 * workbench of its own, see Profile and CodeServer. With `prepare(project)`, the project is changed before it is opened.
 */
export function scenario(title, body, { settings, prepare } = {}) {
  test(title, async () => {
    const workbench = await (settings ? Workbench.start(settings) : (shared ??= Workbench.start()));
    const project = new Project();
    let window;
    try {
      prepare?.(project);
      window = await workbench.open(project.root);
      await body({ window, project, workbench, step: steps(title, window) });
      assert.deepEqual(window.outside, [], 'the workbench asked other hosts');
      await window.close();
      await until('no server is left of the closed window', () => workbench.processes('secant').length === 0);
    } catch (error) {
      await keep(title, workbench, window);
      throw error;
    } finally {
      await window?.close();
      if (settings) await workbench.stop();
      project.dispose();
    }
  });
}

function steps(title, window) {
  const folder = path.join(SCREENSHOTS, slug(title));
  fs.rmSync(folder, { recursive: true, force: true });
  let taken = 0;
  return (name) => {
    taken += 1;
    const file = path.join(folder, `${String(taken).padStart(2, '0')}-${slug(name)}.png`);
    return window.page.screenshot({ path: file, animations: 'disabled' });
  };
}

/** Logs, console and a last look at the window, in build/editor-failures/<test>. */
async function keep(title, workbench, window) {
  const folder = path.join(FAILURES, slug(title));
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  await window?.page.screenshot({ path: path.join(folder, 'window.png') }).catch((error) => {
    fs.writeFileSync(path.join(folder, 'window.txt'), String(error));
  });
  if (window) fs.writeFileSync(path.join(folder, 'console.txt'), window.console.join('\n'));
  for (const log of [workbench.profile.logs, workbench.server.log].filter((file) => fs.existsSync(file))) {
    fs.cpSync(log, path.join(folder, path.basename(log)), { recursive: true });
  }
}
