// The notifications at the lower right: questions with their buttons, and progress.

export class Notifications {
  constructor(page) {
    this.page = page;
  }

  /** The notification whose message holds `text`. */
  shown(text) {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
  }

  async answer(text, button) {
    const notification = this.shown(text);
    await notification.locator('.monaco-button', { hasText: button }).click();
    await notification.waitFor({ state: 'detached' });
  }

  async messages() {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }
}
