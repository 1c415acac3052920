/** Which command starts the server: the user's, or that of the environment which this extension installs. */

import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, dirname, extname, isAbsolute, join } from 'node:path';
import { l10n, ProgressLocation, window } from 'vscode';

import type { ServerSettings } from './config';
import { install, installed, MODULE, packaged, type Site } from './install';
import type { Log } from './log';
import { run } from './process';
import { candidates, findPython } from './python';
import { claim, sweep } from './tenancy';
import { messageOf, Trouble } from './trouble';

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Never a folder of the user's: its modules must not stand in for those of the server. */
  readonly cwd: string;
}

/** Finds the command, installing the server first where it has to. Throws Trouble. */
export async function serverCommand(settings: ServerSettings, site: Site, log: Log): Promise<ServerCommand> {
  await mkdir(site.storage, { recursive: true });
  if (settings.command !== undefined) {
    const [program = '', ...args] = settings.command;
    await existing(program, site.platform);
    return { program, args, cwd: site.storage };
  }
  const program = await managed(settings, site, log);
  return { program, args: ['-I', '-m', MODULE], cwd: site.storage };
}

async function managed(settings: ServerSettings, site: Site, log: Log): Promise<string> {
  const contents = await packaged(site);
  let interpreter = await installed(site, contents);
  if (interpreter === undefined) {
    const python = await findPython(run, settings.python, candidates(site.platform));
    log.info(`The server is installed with ${python.path} (${python.version}).`);
    interpreter = await withProgress((report, signal) => install(contents, python, { site, run, log, signal, report }));
  }
  await claim(dirname(dirname(interpreter)));
  void sweep(site.storage, contents.folder).then(
    (removed) => removed.length > 0 && log.info(`Removed older servers: ${removed.join(', ')}`),
    (error: unknown) => log.warn(`Older servers could not be removed: ${messageOf(error)}`),
  );
  return interpreter;
}

function withProgress(
  work: (report: (says: string) => void, signal: AbortSignal) => Promise<string>,
): Thenable<string> {
  const options = {
    location: ProgressLocation.Notification,
    title: l10n.t('Secant installs its server, once'),
    cancellable: true,
  };
  return window.withProgress(options, (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    return work((message) => progress.report({ message }), abort.signal);
  });
}

/** A command that is not there is better said before it is started. */
async function existing(program: string, platform: NodeJS.Platform): Promise<void> {
  const folders = isAbsolute(program) ? [''] : (process.env.PATH ?? '').split(delimiter);
  const endings = platform === 'win32' && extname(program) === '' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const file = isAbsolute(program) ? `${program}${ending}` : join(folder, `${program}${ending}`);
      const found = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) {
        return;
      }
    }
  }
  const message = l10n.t('"{0}", which secant.server.command names, is no program that can be started.', program);
  throw new Trouble(`${message} ${l10n.t('Correct the setting, or remove it to use the bundled server.')}`, '', [
    'settings',
    'retry',
  ]);
}
