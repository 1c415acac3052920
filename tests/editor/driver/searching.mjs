// Looking for words in all files of folders, in whatever they are written in.

import fs from 'node:fs';
import path from 'node:path';

/** The files that hold `text`, as it is, as UTF-16 or in base64, and those whose name does. */
export function holding(folders, text) {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((offset) => middleOf(Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')));
  const forms = [bytes, Buffer.from(text, 'utf16le'), ...base64.map((form) => Buffer.from(form))];
  return folders.flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => file.includes(text) || forms.some((form) => fs.readFileSync(file).includes(form))),
  );
}

/** What does not depend on the bytes before and behind. */
function middleOf(base64) {
  return base64.slice(4, -4);
}
