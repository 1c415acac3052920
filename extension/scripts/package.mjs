// Packages the extension as ../dist/secant-VERSION.vsix, with the wheel of the server and the list of its dependencies.
// The wheel is built before, into ../dist.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const project = dirname(here);
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const wheel = `secant-${version}-py3-none-any.whl`;
const target = join(project, 'dist', `secant-${version}.vsix`);

if (!existsSync(join(project, 'dist', wheel))) {
  console.error(`dist/${wheel} is missing. Build it first: python -m hatchling build -t wheel`);
  process.exit(2);
}
rmSync(join(here, 'bundled'), { recursive: true, force: true });
mkdirSync(join(here, 'bundled'));
cpSync(join(project, 'dist', wheel), join(here, 'bundled', wheel));
cpSync(join(project, 'requirements', 'run.txt'), join(here, 'bundled', 'requirements.txt'));
cpSync(join(project, 'LICENSE'), join(here, 'LICENSE'));
rmSync(join(here, 'dist'), { recursive: true, force: true });
run('esbuild', process.execPath, ['scripts/build.mjs', '--release']);
run('vsce', process.execPath, [
  join('node_modules', '@vscode', 'vsce', 'vsce'),
  ...['package', '--no-dependencies', '--allow-missing-repository', '--out', target],
]);
run('The look into it', process.execPath, [
  join('node_modules', 'vitest', 'vitest.mjs'),
  ...['run', '--config', 'vitest.packaged.config.mts'],
]);
console.log(`${target}: ${Math.ceil(statSync(target).size / 1024)} KiB`);

function run(name, program, args) {
  try {
    execFileSync(program, args, { cwd: here, stdio: 'inherit' });
  } catch (error) {
    console.error(`${name} failed, see above.`);
    process.exit(error.status ?? 1);
  }
}
