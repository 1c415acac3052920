import fs from 'node:fs';

import { PRICING } from './driver/examples.mjs';
import { PYTHON } from './driver/places.mjs';
import { scenario } from './driver/scenario.mjs';

// As a new user has it: no `secant.server.command`, so the extension installs the server that it carries.
const MACHINE = { 'secant.server.python': fs.realpathSync(PYTHON), 'secant.interpreter': PYTHON };
const INSTALLATION = 5 * 60_000; // the packages come from an index

// How pip and uv reach their index on this machine.
const INDEX = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PIP|UV|SSL|REQUESTS)_|_PROXY$/i.test(name)));

const ADDRESS = 'http://127.0.0.1:9/simple'; // the port "discard": nobody listens
const NOWHERE = { PIP_INDEX_URL: ADDRESS, PIP_RETRIES: '0', UV_DEFAULT_INDEX: ADDRESS, UV_HTTP_RETRIES: '0' };

scenario(
  'a server that cannot be installed without a network says what to do',
  async ({ window, step }) => {
    await window.editor.open(PRICING);
    await window.notifications.shown('secant.server.command').waitFor({ timeout: INSTALLATION });
    await step('the message');
  },
  { settings: { machine: MACHINE, environment: NOWHERE } },
);

scenario(
  'a new user gets the server with the extension',
  async ({ window, project, step }) => {
    window.page.setDefaultTimeout(INSTALLATION);
    await window.optimize(project, PRICING, 'order_total');
    await window.editor.lens('fixed · 9/9 tests').waitFor();
    await step('the first proposal');
  },
  { settings: { machine: MACHINE, environment: INDEX } },
);
