// How long the extension host takes to activate the extension, as VS Code itself counts it: one fresh window each time.
// `node benchmarks/activation.mjs COUNT` prints a list of milliseconds. Needs what `make test-editor` installs.

import { Project } from '../tests/editor/driver/project.mjs';
import { Workbench } from '../tests/editor/driver/workbench.mjs';

const PRICING = 'src/shop/pricing.py';
const counted = [];
const workbench = await Workbench.start();
try {
  for (let i = 0; i < Number(process.argv[2] ?? 5); i += 1) {
    const project = new Project();
    const window = await workbench.open(project.root);
    await window.editor.open(PRICING);
    await window.serverReady();
    await window.command('Developer: Show Running Extensions');
    const row = window.page.locator('.runtime-extensions-editor .extension', { hasText: 'Secant' }).first();
    const time = await row.locator('.activation-time').first().textContent();
    counted.push(Number(/(\d+)\s*ms/.exec(time)[1]));
    await window.close();
    project.dispose();
  }
} finally {
  await workbench.stop();
}
console.log(JSON.stringify(counted));
