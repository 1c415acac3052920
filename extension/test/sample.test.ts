import { beforeEach, expect, test, vi } from 'vitest';

import { tryDemo } from '../src/sample';
import { commands, FileType, Uri, window, workspace } from './vscode';

const SAMPLE = Uri.parse('file:///extension/media/sample');
const HOME = Uri.parse('file:///home/me');
const paths = (call: unknown[] | undefined) => call?.map((each) => (each instanceof Uri ? each.path : each));

let there: string[];

beforeEach(() => {
  vi.clearAllMocks();
  there = [];
  window.showOpenDialog.mockResolvedValue([HOME] as never);
  workspace.fs.readDirectory.mockImplementation(async ({ path }: { path: string }) =>
    path === SAMPLE.path
      ? [
          ['shop.py', FileType.File],
          ['__pycache__', FileType.Directory],
        ]
      : there.map((name) => [name, FileType.Directory]),
  );
});

test('the sample is copied and opened with its first file', async () => {
  await tryDemo(SAMPLE);
  expect(paths(workspace.fs.createDirectory.mock.calls[0])).toEqual(['/home/me/secant-sample']);
  expect(workspace.fs.copy.mock.calls.map(paths)).toEqual([
    ['/extension/media/sample/shop.py', '/home/me/secant-sample/shop.py', { overwrite: false }],
  ]);
  expect(commands.executeCommand).toHaveBeenCalledExactlyOnceWith(
    'vscode.openFolder',
    expect.objectContaining({ path: '/home/me/secant-sample' }),
    { forceNewWindow: false, filesToOpen: [expect.objectContaining({ path: '/home/me/secant-sample/shop.py' })] },
  );
});

test('what is there stays: the copy gets a name that is free', async () => {
  there = ['secant-sample', 'secant-sample-2'];
  await tryDemo(SAMPLE);
  expect(paths(workspace.fs.createDirectory.mock.calls[0])).toEqual(['/home/me/secant-sample-3']);
});

test('a folder that is full of copies is left alone', async () => {
  there = ['secant-sample', ...Array.from({ length: 98 }, (_, index) => `secant-sample-${index + 2}`)];
  await expect(tryDemo(SAMPLE)).rejects.toThrow(/Pick another folder/);
  expect(workspace.fs.createDirectory).not.toHaveBeenCalled();
});

test('a dialog that is closed ends it', async () => {
  window.showOpenDialog.mockResolvedValue(undefined);
  await tryDemo(SAMPLE);
  expect(workspace.fs.createDirectory).not.toHaveBeenCalled();
  expect(commands.executeCommand).not.toHaveBeenCalled();
});
