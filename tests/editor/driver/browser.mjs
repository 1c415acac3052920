// Chromium, and a watch on where it goes: the workbench is local, so any other request is a fault of ours.

import { chromium } from './places.mjs';

export function launch(home) {
  const alone = process.getuid() === 0 ? ['--no-sandbox'] : []; // Chromium refuses its sandbox to root
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    env: { ...process.env, HOME: home },
    args: [...alone, '--disable-dev-shm-usage', '--disable-gpu'],
  });
}

/** A browser of its own storage. Requests to other hosts are refused and noted in `outside`. */
export async function freshContext(browser) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, deviceScaleFactor: 1 });
  const outside = [];
  const elsewhere = ({ protocol, hostname }) => /^(http|ws)s?:$/.test(protocol) && hostname !== '127.0.0.1';
  await context.route(elsewhere, (route) => {
    outside.push(route.request().url());
    return route.abort();
  });
  context.setDefaultTimeout(60_000);
  return { context, outside };
}
