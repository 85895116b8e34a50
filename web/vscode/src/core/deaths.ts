// How often the language server died: one that dies at once each time is left alone.

/** After this many deaths within `MINUTES` it is not started anew. */
const DEATHS = 4;
const MINUTES = 3;

export class Deaths {
  private times: number[] = [];

  /** Counts one more, at `now` in milliseconds. Says so if those were too many. */
  add(now: number): string | undefined {
    this.times = [...this.times.filter((at) => now - at < MINUTES * 60_000), now];
    const count = this.times.length;
    if (count <= DEATHS) return undefined;
    return `The language server died ${count} times in ${MINUTES} minutes, and is not started anew.`;
  }

  /** Counts from nothing: a person wants it to run. */
  forget(): void {
    this.times = [];
  }
}
