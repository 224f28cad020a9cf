// A clock that a test moves, in place of the browser's: time passes as it does, and jumps where the test says so, as it
// does for a machine that slept. Timers that have become due in a jump fire once, in their order. The page and its worker
// each run this; the page's jump takes the worker along.
{
  const wall = Date.now;
  const ticks = performance.now.bind(performance);
  const { setTimeout: start, clearTimeout: stop } = globalThis;
  const timers = new Map();
  let jumped = 0;
  let lastId = 0;

  const now = () => ticks() + jumped;
  performance.now = now;
  // By how much this machine's clock is ahead of the servers'.
  Date.now = () => wall() + jumped + AHEAD_MILLIS;

  const arm = (id) => {
    const timer = timers.get(id);
    stop(timer.handle);
    timer.handle = start(() => fire(id), Math.max(0, timer.due - now()));
  };
  const fire = (id) => {
    const timer = timers.get(id);
    if (timer.every === undefined) {
      timers.delete(id);
    } else {
      timer.due = now() + timer.every;
      arm(id);
    }
    timer.callback(...timer.args);
  };
  const add = (callback, millis, every, args) => {
    lastId += 1;
    timers.set(lastId, { callback, args, every, due: now() + millis });
    arm(lastId);
    return lastId;
  };
  const remove = (id) => {
    stop(timers.get(id)?.handle);
    timers.delete(id);
  };
  globalThis.setTimeout = (callback, millis = 0, ...args) => add(callback, millis, undefined, args);
  globalThis.setInterval = (callback, millis = 0, ...args) => add(callback, millis, millis, args);
  globalThis.clearTimeout = remove;
  globalThis.clearInterval = remove;

  const jump = (millis) => {
    jumped += millis;
    [...timers.keys()].sort((a, b) => timers.get(a).due - timers.get(b).due).forEach(arm);
  };
  const channel = new BroadcastChannel("clock");
  if (globalThis.document) {
    // Resolves once the worker's clock has jumped, too, or there is no worker that would say so.
    globalThis.jumpClock = (millis) =>
      new Promise((resolve) => {
        channel.onmessage = () => resolve(true);
        start(() => resolve(true), 1000);
        jump(millis);
        channel.postMessage(millis);
      });
  } else {
    channel.onmessage = ({ data }) => {
      jump(data);
      channel.postMessage("jumped");
    };
  }
}
