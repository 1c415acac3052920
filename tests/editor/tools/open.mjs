// `make editor`: the real VS Code in your browser, with the extension installed and a copy of examples/ open.
//
// The address is on this machine only, but a machine may have other users: hence a password. Everything is kept in a
// throw-away profile; nothing of your own editor's settings is read or changed.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

import { CodeServer } from '../driver/codeserver.mjs';
import { vsix } from '../driver/places.mjs';
import { Profile } from '../driver/profile.mjs';
import { Project } from '../driver/project.mjs';

const password = randomBytes(6).toString('hex');
const project = new Project();
const profile = new Profile({ environment: { PASSWORD: password } });
const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]); // heard while it starts, too
let server;
try {
  console.log('Starting the editor.');
  server = await CodeServer.start(profile, { extension: vsix(), auth: 'password' });
  console.log(`
  Open      ${server.address}/?folder=${encodeURIComponent(project.root)}
  Password  ${password}

In src/shop/pricing.py, put the cursor on \`def order_total\` and press Ctrl+. for "Optimize 'order_total' with Secant".
It is a copy: what you do there changes nothing here. Ctrl-C ends the editor and removes the copy.
`);
  await Promise.race([interrupted, once(server.process, 'exit')]);
} finally {
  await server?.stop();
  profile.dispose();
  project.dispose();
}
