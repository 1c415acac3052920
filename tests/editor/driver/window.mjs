// One window of the workbench, on one folder: its parts as objects, and what concerns the window as a whole.

import { freshContext } from './browser.mjs';
import { Editor } from './editor.mjs';
import { Notifications } from './notifications.mjs';
import { QuickInput } from './quickinput.mjs';
import { Review } from './review.mjs';
import { Runs } from './runs.mjs';

export class Window {
  static async open(browser, address, folder) {
    const { context, outside } = await freshContext(browser);
    const window = new Window(context, await context.newPage(), outside);
    await window.page.goto(`${address}/?folder=${encodeURIComponent(folder)}`);
    await window.ready();
    return window;
  }

  constructor(context, page, outside) {
    this.context = context;
    this.page = page;
    this.outside = outside;
    this.console = [];
    page.on('console', (message) => this.console.push(`${message.type()}: ${message.text()}`));
    this.quick = new QuickInput(page);
    this.editor = new Editor(page, this.quick);
    this.notifications = new Notifications(page);
    this.review = new Review(page);
    this.runs = new Runs(page);
  }

  /** The side bar is drawn: from here on the keyboard is heard. */
  async ready() {
    await this.page.locator('.part.sidebar .monaco-list-row').first().waitFor();
  }

  command(title) {
    return this.quick.command(title);
  }

  /** A question before which everything else has to wait, by words of it. */
  dialog(text) {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  async answer(question, button) {
    const dialog = this.dialog(question);
    await dialog.locator('.monaco-button', { hasText: button }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  status(text) {
    return this.page.locator('.statusbar-item', { hasText: text }).first();
  }

  /** Starts a run on a function, by the command of the palette. */
  async optimize(project, file, name) {
    await this.editor.open(file);
    await this.editor.goTo(project.lineOf(file, `def ${name}(`));
    await this.command('Secant: Optimize Function at Cursor');
  }

  /** The status of the language tells the server's version: it has answered, and its menus are registered. */
  async serverReady() {
    await this.page.locator('#status\\.languageStatus').getByRole('button', { name: /Secant \d/ }).waitFor();
  }

  /** The page inside a Markdown preview: a frame in a frame, both made anew for each. */
  async preview() {
    const frame = this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await frame.locator('body').waitFor();
    return frame;
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  close() {
    return this.context.close();
  }
}
