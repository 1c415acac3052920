/**
 * Who uses which environment of the server: a file per window in its folder, named by the process. Environments of
 * other versions go away once no living window uses them; so do those that nobody finished.
 */

import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { FOLDER, UNFINISHED } from './install';

const TENANT = 'used-by-';

export async function claim(environment: string): Promise<void> {
  await writeFile(join(environment, `${TENANT}${process.pid}`), '');
}

/** Removes what nobody uses, except the folder named `kept`. Returns the names of what is gone. */
export async function sweep(storage: string, kept: string, alive = isAlive): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await readdir(storage).catch(() => [])) {
    const stale = name.startsWith(UNFINISHED)
      ? !alive(pidOf(name.slice(UNFINISHED.length)))
      : name.startsWith(FOLDER) && name !== kept && !(await inhabited(join(storage, name), alive));
    if (stale) {
      await rm(join(storage, name), { recursive: true, force: true, maxRetries: 3 });
      removed.push(name);
    }
  }
  return removed;
}

async function inhabited(environment: string, alive: (pid: number) => boolean): Promise<boolean> {
  const names = await readdir(environment);
  return names.some((name) => name.startsWith(TENANT) && alive(pidOf(name.slice(TENANT.length))));
}

function pidOf(text: string): number {
  return Number.parseInt(text, 10);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it lives, and belongs to somebody else
  }
}
