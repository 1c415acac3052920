// Looking for words in all files of folders, in whatever they are written in.

import fs from 'node:fs';
import path from 'node:path';

/** The files that hold `text`, as it is, as UTF-16 or in base64, and those whose name does. */
export function holding(folders, text) {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((offset) => middleOf(Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')));
  const forms = [bytes, Buffer.from(text, 'utf16le'), ...base64.map((form) => Buffer.from(form))];
  const holds = (file) => {
    const content = unlessGone(() => fs.readFileSync(file), Buffer.alloc(0));
    return file.includes(text) || forms.some((form) => content.includes(form));
  };
  return folders.flatMap(files).filter(holds);
}

function files(folder) {
  const entries = unlessGone(() => fs.readdirSync(folder, { withFileTypes: true }), []);
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? files(file) : entry.isFile() ? [file] : [];
  });
}

/** What does not depend on the bytes before and behind. */
function middleOf(base64) {
  return base64.slice(4, -4);
}

/** The editor removes files of its own while they are looked at: what is gone holds nothing. */
function unlessGone(look, nothing) {
  try {
    return look();
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return nothing;
  }
}
