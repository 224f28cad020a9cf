// Timing: candidates take turns, so that whatever else the machine does meets them alike.

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

// Long enough for the browser to clear away one turn's garbage before the next one starts.
const PAUSE_MILLIS = 30;

/** The value in the middle. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs every candidate once a round, each round beginning with another one, and gives the milliseconds of each per round.
 *
 * A candidate is `{prepare, run, check, repeat}`: `run(prepared)` is timed; `prepare()` and `check(result)`, both
 * optional, are not. The warm-up rounds do not count, but are checked like all others.
 *
 * `repeat` makes the turns of a fast candidate about as long as those of a slow one, where only `run` counts. On a busy
 * machine a short turn slips between other programs' work and a long one never does, so their ratio would flatter.
 */
export async function takeTurns(candidates, { warmUps, rounds }) {
  const names = Object.keys(candidates);
  const millis = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + warmUps + turn) % names.length];
      const taken = await takeTurn(candidates[name]);
      if (round >= 0) millis[name].push(taken);
    }
  }
  return millis;
}

async function takeTurn({ prepare, run, check, repeat = 1 }) {
  await pause(PAUSE_MILLIS);
  let taken = 0;
  for (let i = 0; i < repeat; i += 1) {
    const prepared = await prepare?.();
    const start = performance.now();
    let result = run(prepared);
    if (result instanceof Promise) result = await result;
    taken += performance.now() - start;
    check?.(result);
  }
  return taken / repeat;
}

/** How many times longer `slow` took than `fast`, by the round in the middle. */
export function ratio(slow, fast) {
  return median(slow.map((millis, round) => millis / fast[round]));
}
