/**
 * A task that never runs twice at a time. Whoever asks while it runs gets one more run after it, shared with all others
 * that ask meanwhile: enough, because that run sees everything that was the case when they asked.
 */

export class Coalesced {
  readonly #task: () => Promise<void>;
  #running: Promise<void> | undefined;
  #queued: Promise<void> | undefined;

  constructor(task: () => Promise<void>) {
    this.#task = task;
  }

  /** The run under way, or the one after it; settles as that one does. */
  get current(): Promise<void> | undefined {
    return this.#queued ?? this.#running;
  }

  request(): Promise<void> {
    if (this.#running === undefined) {
      return this.#start();
    }
    this.#queued ??= this.#running
      .catch(() => undefined) // whoever asked for the run before hears of its failure, not those after
      .then(() => {
        this.#queued = undefined;
        return this.#start();
      });
    return this.#queued;
  }

  #start(): Promise<void> {
    const run = this.#task().finally(() => {
      if (this.#running === run) {
        this.#running = undefined;
      }
    });
    this.#running = run;
    return run;
  }
}
