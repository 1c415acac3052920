// A recorded model: a run whose setting names it asks nobody, and answers as somebody did when it was recorded.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const RECORDED = path.resolve(import.meta.dirname, '../cassettes');

export class Cassette {
  /** Puts a cassette, one of cassettes/ or by its path, beside the project, and its name into the project's settings. */
  constructor(project, name) {
    this.recorded = path.resolve(RECORDED, name);
    this.file = path.join(project.folder, path.basename(name));
    fs.copyFileSync(this.recorded, this.file);
    fs.mkdirSync(project.file('.vscode'), { recursive: true });
    project.write('.vscode/settings.json', JSON.stringify({ 'secant.model': `cassette:${this.file}` }));
  }

  /** Makes the next run wait for its model until `release()`: it cannot open the cassette before. */
  hold() {
    fs.rmSync(this.file);
    execFileSync('mkfifo', [this.file]);
  }

  async release() {
    const waiting = await fs.promises.open(this.file, 'w'); // as soon as the run opens it
    const whole = `${this.file}.whole`;
    fs.copyFileSync(this.recorded, whole);
    fs.renameSync(whole, this.file); // what is opened from now on is a file
    await waiting.writeFile(fs.readFileSync(this.recorded));
    await waiting.close();
  }
}
