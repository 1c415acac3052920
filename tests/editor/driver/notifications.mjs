// The notifications at the lower right: questions with their buttons, and progress.

export class Notifications {
  constructor(page) {
    this.page = page;
  }

  all() {
    return this.page.locator('.notifications-toasts .notification-list-item');
  }

  /** The notification whose message holds `text`. */
  shown(text) {
    return this.all().filter({ hasText: text }).first();
  }

  async answer(text, button) {
    const notification = this.shown(text);
    await notification.locator('.monaco-button', { hasText: button }).click();
    await notification.waitFor({ state: 'detached' });
  }

  /** Closes it without an answer. */
  async close(text) {
    const notification = this.shown(text);
    await notification.hover();
    await notification.locator('.action-label.codicon-notifications-clear').click();
    await notification.waitFor({ state: 'detached' });
  }
}
