// A workbench: a profile, a code-server with the extension in it, and a browser. It opens windows.

import { launch } from './browser.mjs';
import { CodeServer } from './codeserver.mjs';
import { vsix } from './places.mjs';
import { alive, descendants } from './processes.mjs';
import { Profile } from './profile.mjs';
import { Window } from './window.mjs';

export class Workbench {
  static async start({ trust = false, extension = vsix(), extensions, proposed, ...settings } = {}) {
    const profile = new Profile(settings);
    const workbench = new Workbench(profile);
    try {
      [workbench.server, workbench.browser] = await Promise.all([
        CodeServer.start(profile, { extension, extensions, proposed, trust }),
        launch(profile.home),
      ]);
    } catch (error) {
      await workbench.stop();
      throw error;
    }
    return workbench;
  }

  constructor(profile) {
    this.profile = profile;
    this.server = null;
    this.browser = null;
  }

  open(folder) {
    return Window.open(this.browser, this.server.address, folder);
  }

  /** What runs in this workbench and has `text` in its command line. */
  processes(text) {
    return descendants(this.server.process.pid).filter(({ pid, command }) => command.includes(text) && alive(pid));
  }

  async stop() {
    await this.browser?.close();
    await this.server?.stop();
    this.profile.dispose();
  }
}
