// The workbench's server half: one code-server process on a free port of this machine.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import { CODE_SERVER, NODE } from './places.mjs';
import { kill } from './processes.mjs';
import { until } from './until.mjs';

export class CodeServer {
  /**
   * Installs the extension, and perhaps others, into the profile and starts; `trust` leaves the question whether a folder
   * is trusted, `proposed` names extensions that may use proposed interfaces of the editor.
   */
  static async start(profile, { extension, extensions = [], proposed = [], trust = false, auth = 'none' }) {
    await run(profile, [extension, ...extensions].flatMap((file) => ['--install-extension', file]));
    const server = new CodeServer(profile, await freePort(), { trust, auth, proposed });
    await until('code-server answers', () => server.#answers());
    return server;
  }

  constructor(profile, port, { trust, auth, proposed }) {
    this.address = `http://127.0.0.1:${port}`;
    this.log = path.join(profile.root, 'code-server.log');
    const output = fs.openSync(this.log, 'w');
    const options = [
      ...profile.options,
      ...['--auth', auth, '--bind-addr', `127.0.0.1:${port}`, '--ignore-last-opened'],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(trust ? [] : ['--disable-workspace-trust']),
      ...proposed.flatMap((id) => ['--enable-proposed-api', id]),
    ];
    this.process = spawn(NODE, [CODE_SERVER, ...options], {
      env: profile.environment,
      stdio: ['ignore', output, output],
      detached: true,
    });
    fs.closeSync(output);
    process.once('exit', this.#end); // Ctrl-C reaches us, but not a group of its own
  }

  #end = () => kill(-this.process.pid);

  /** Ends the whole process group: politely, and after two seconds for good. */
  async stop() {
    process.off('exit', this.#end);
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      kill(-this.process.pid, 'SIGTERM');
      const impatience = setTimeout(this.#end, 2000);
      await ended;
      clearTimeout(impatience);
    }
    this.#end(); // what did not follow
  }

  async #answers() {
    if (this.process.exitCode !== null) throw new Error(`code-server ended:\n${fs.readFileSync(this.log, 'utf8')}`);
    try {
      return (await fetch(`${this.address}/healthz`)).ok;
    } catch {
      return false; // it does not listen yet
    }
  }
}

async function run(profile, options) {
  const child = spawn(NODE, [CODE_SERVER, ...profile.options, ...options], {
    env: profile.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`code-server ${options.join(' ')} ended with status ${code}:\n${output}`);
}

async function freePort() {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  await once(listener, 'close');
  return port;
}
