/** The sample to try: a copy of a small project, in a folder that the user picks, opened in a window. */

import { commands, FileType, l10n, Uri, window, workspace } from 'vscode';

import { Trouble } from './trouble';

const NAME = 'secant-sample';
const FIRST = 'shop.py';

export async function tryDemo(sample: Uri): Promise<void> {
  const picked = await window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: l10n.t('Copy the Sample Here'),
    title: l10n.t('Where shall the sample go?'),
  });
  const [parent] = picked ?? [];
  if (parent === undefined) {
    return;
  }
  const folder = await copied(sample, parent);
  await commands.executeCommand('vscode.openFolder', folder, {
    forceNewWindow: workspace.workspaceFolders !== undefined,
    filesToOpen: [Uri.joinPath(folder, FIRST)],
  });
}

/** Copies it under a name that is free. Nothing that is there is touched. */
export async function copied(sample: Uri, parent: Uri): Promise<Uri> {
  const taken = new Set((await workspace.fs.readDirectory(parent)).map(([name]) => name));
  const names = [NAME, ...Array.from({ length: 98 }, (_, index) => `${NAME}-${index + 2}`)];
  const name = names.find((each) => !taken.has(each));
  if (name === undefined) {
    throw new Trouble(l10n.t('{0} holds 99 copies of the sample already. Pick another folder.', parent.fsPath), '', []);
  }
  const folder = Uri.joinPath(parent, name);
  await workspace.fs.createDirectory(folder);
  for (const [file, type] of await workspace.fs.readDirectory(sample)) {
    if (type === FileType.File) {
      await workspace.fs.copy(Uri.joinPath(sample, file), Uri.joinPath(folder, file), { overwrite: false });
    }
  }
  return folder;
}
