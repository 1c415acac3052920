/** What package.json promises: its commands exist, its words are translated, its scopes are those that are safe. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const text = (name: string) => readFileSync(join(HERE, name), 'utf8');
const manifest = JSON.parse(text('package.json'));
const { contributes } = manifest;
const properties: Record<string, { scope: string; markdownDescription: string }> = contributes.configuration.properties;
const sources = readdirSync(join(HERE, 'src')).map((name) => text(join('src', name)));

/** Commands that the server registers through its client. */
const SERVERS = [
  'secant.optimize',
  'secant.solve',
  'secant.refine',
  'secant.eval',
  'secant.stop',
  'secant.discard',
  'secant.accept',
  'secant.reject',
  'secant.rerun',
];

test('every command is registered, and none has an id of the server', () => {
  const declared: string[] = contributes.commands.map(({ command }: { command: string }) => command);
  const registered = text('src/commands.ts')
    .match(/'secant\.\w+'(?=:)/g)
    ?.map((id) => id.slice(1, -1));
  expect([...declared].sort()).toEqual([...(registered ?? [])].sort());
  expect(declared.filter((id) => SERVERS.includes(id))).toEqual([]);
});

test('menus and keys name commands that exist', () => {
  const declared = new Set(contributes.commands.map(({ command }: { command: string }) => command));
  const menus = Object.values(contributes.menus as Record<string, { command: string }[]>).flat();
  const named = [...menus, ...contributes.keybindings].map(({ command }) => command);
  expect(named.filter((command) => !declared.has(command))).toEqual([]);
});

test('context keys of menus are set somewhere', () => {
  const keys = new Set(text('package.json').match(/secant\.\w+(?=( \|\|| &&|"|\)))/g));
  const set =
    sources
      .join()
      .match(/'secant\.\w+'(?=: )/g)
      ?.map((key) => key.slice(1, -1)) ?? [];
  const used = [
    'secant.failed',
    'secant.running',
    'secant.ready',
    'secant.stale',
    'secant.interrupted',
    'secant.hasRuns',
  ];
  expect([...used, 'secant.alternatives'].filter((key) => !keys.has(key) || !set.includes(key))).toEqual([]);
});

test('every word for a person is translated, and no translation is left over', () => {
  const used = [...text('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
  expect([...new Set(used)].sort()).toEqual(Object.keys(JSON.parse(text('package.nls.json'))).sort());
});

const PATIENCE = 60_000; // the tool that exports them is slow where other things run besides

test('the words of the sources are exported', { timeout: PATIENCE }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'secant-l10n-'));
  try {
    execFileSync(
      process.execPath,
      ['node_modules/@vscode/l10n-dev/dist/cli.js', 'export', '--outDir', folder, './src'],
      {
        cwd: HERE,
        stdio: 'pipe',
      },
    );
    const exported = JSON.parse(readFileSync(join(folder, 'bundle.l10n.json'), 'utf8'));
    expect(JSON.parse(text('l10n/bundle.l10n.json'))).toEqual(exported); // otherwise: npm run l10n
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a workspace cannot say which programs of Secant are run', () => {
  const scopes = Object.fromEntries(Object.entries(properties).map(([key, { scope }]) => [key, scope]));
  expect(scopes).toMatchObject({
    'secant.server.command': 'machine',
    'secant.server.python': 'machine',
    'secant.interpreter': 'machine-overridable',
  });
  expect(Object.values(scopes)).not.toContain(undefined);
});

test('it is off in folders that are not trusted, and where there is no disk', () => {
  expect(manifest.capabilities.untrustedWorkspaces.supported).toBe(false);
  expect(manifest.capabilities.virtualWorkspaces.supported).toBe(false);
  expect(manifest.extensionKind).toEqual(['workspace']);
  expect(manifest.extensionDependencies).toBeUndefined();
  expect(manifest.enabledApiProposals).toBeUndefined();
});

test('the README documents every setting', () => {
  const readme = text('README.md');
  expect(Object.keys(properties).filter((key) => !readme.includes(`\`${key}\``))).toEqual([]);
});

test('the pictures that are named are there', () => {
  const named = text('package.json').match(/"(icon\.png|media\/[\w/.]+)"/g) ?? [];
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => !existsSync(join(HERE, name.slice(1, -1))))).toEqual([]);
});

test('one version for the extension and the server it installs', () => {
  expect(text('../pyproject.toml')).toContain(`version = "${manifest.version}"`);
  expect(text('CHANGELOG.md')).toContain(`## ${manifest.version}`);
});

test('the lock names no place to download from', () => {
  const lock = JSON.parse(text('package-lock.json'));
  const packages: Record<string, { resolved?: string }> = lock.packages;
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(text('.npmrc')).not.toMatch(/registry\s*=\s*\w+:/);
});

test('prompt files are known by their names, in menus as in the selector', () => {
  const clause: string = contributes.menus['editor/context'].find(
    ({ command }: { command: string }) => command === 'secant.refinePrompt',
  ).when;
  const named = new RegExp(clause.slice(clause.indexOf('/') + 1, clause.lastIndexOf('/')), 'i');
  const prompts = ['a.prompt.md', 'a.instructions.md', 'AGENTS.md', 'SKILL.md', 'a.prompty', 'a.prompt', 'a.j2'];
  expect(prompts.filter((name) => !named.test(name))).toEqual([]);
  expect(named.test('promptfooconfig.yaml')).toBe(true);
  expect(['README.md', 'agents.py', 'a.yml', 'prompt.md', 'notes.txt'].filter((name) => named.test(name))).toEqual([]);
});
