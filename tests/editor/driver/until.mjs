// Waiting for what no event announces: a file on disk, a process that has ended.

const PAUSE = 25; // milliseconds between two looks
const PATIENCE = 60_000;

/** The first truthy answer of `look`. Fails, and says what was awaited, when there is none for a minute. */
export async function until(what, look, patience = PATIENCE) {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await look();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`Waited ${patience / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
