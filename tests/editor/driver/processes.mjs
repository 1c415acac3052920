// What a process has started, found in /proc: to see that nothing stays behind, and to kill just what a test means.

import fs from 'node:fs';

/** Whether the process runs; one that has ended and waits for its parent does not. */
export function alive(pid) {
  return !['', 'Z', 'X'].includes(fields(pid)[0] ?? '');
}

/** All processes below `pid`, each `{ pid, command }`. */
export function descendants(pid) {
  const children = new Map();
  for (const entry of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(entry);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found = [];
  const visit = (parent) => {
    for (const child of children.get(parent) ?? []) {
      found.push({ pid: child, command: commandOf(child) });
      visit(child);
    }
  };
  visit(pid);
  return found;
}

/** Ends a process and its group for good; one that has gone already is as good as ended. */
export function kill(pid, signal = 'SIGKILL') {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** The environment that a process was started with. */
export function environmentOf(pid) {
  const entries = read(`/proc/${pid}/environ`).split('\0').filter((entry) => entry.includes('='));
  return Object.fromEntries(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}

function parentOf(pid) {
  const [, parent] = fields(pid);
  return parent === undefined ? null : Number(parent);
}

// State, parent, ...: what follows the name, which may hold spaces and parentheses itself.
function fields(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function commandOf(pid) {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ''; // it ended while we looked
  }
}
