// The benchmarks. Each compares within one run; `cargo xtask bench` reads window.benchResult.

import init from "./bench.js";
import { atLeast, known } from "./figures.js";
import { growth } from "./growth.js";
import { median, ratio, takeTurns } from "./measure.js";
import { memory } from "./memory.js";
import * as ours from "./ours.js";
import * as peer from "./peer.js";
import { request } from "./synthetic.js";

/** 1,000,000 samples, in the kinds that differ most in the work of reading them. */
const SHAPE = { series: 20, points: 50_000, start: 1_700_000_000, step: 15 };
const KINDS = ["float", "int", "decimal"];

/** How many times faster than JSON.parse decoding has to be. */
const MIN_DECODE_RATIO = { float: 12, int: 15, decimal: 15 };

/** Device pixels that every series is reduced to. */
const WIDTH_PX = 1_000;

async function main() {
  await init();
  // First, as long as there is no garbage of others on the heap.
  progress("memory");
  const figures = await memory(SHAPE);
  for (const kind of KINDS) {
    const bytes = new Uint8Array(await (await request(SHAPE, kind)).arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const expected = peer.parse(text);
    figures.push(...(await decodeInMemory(kind, bytes, text, expected)));
    figures.push(...(await receive(kind, expected)));
    if (kind === "float") figures.push(await reduce(bytes));
  }
  progress("growth");
  figures.push(...(await growth(SHAPE)));
  return figures;
}

/** Text or bytes in memory to columns. */
async function decodeInMemory(kind, bytes, text, expected) {
  progress(`decode/${kind}`);
  const millis = await takeTurns(
    {
      parse: { run: () => peer.parse(text) },
      decode: {
        run: () => ours.decode(bytes, SHAPE),
        check: (columns) => mustEqual(columns, expected),
        repeat: MIN_DECODE_RATIO[kind],
      },
      copy: { run: () => ours.copy(bytes), repeat: MIN_DECODE_RATIO[kind] },
    },
    { warmUps: 1, rounds: 7 },
  );
  return [
    atLeast(MIN_DECODE_RATIO[kind], `decode/${kind}/ratio`, ratio(millis.parse, millis.decode)),
    known(`decode/${kind}/json-parse`, median(millis.parse), "ms"),
    known(`decode/${kind}/decoder`, median(millis.decode), "ms"),
    known(`decode/${kind}/decoder-copy`, median(millis.copy), "ms"),
  ];
}

/** A response over loopback to columns, from the arrival of its head on: making the answer up is the server's work. */
async function receive(kind, expected) {
  progress(`receive/${kind}`);
  const prepare = () => request(SHAPE, kind);
  const check = (columns) => mustEqual(columns, expected);
  const millis = await takeTurns(
    {
      json: { prepare, run: (response) => peer.receive(response) },
      stream: { prepare, run: (response) => ours.receive(response, SHAPE), check },
    },
    { warmUps: 1, rounds: 5 },
  );
  return [
    known(`receive/${kind}/ratio`, ratio(millis.json, millis.stream), "x"),
    known(`receive/${kind}/json`, median(millis.json), "ms"),
    known(`receive/${kind}/stream`, median(millis.stream), "ms"),
  ];
}

/** Columns in Wasm memory to what is drawn of them. */
async function reduce(bytes) {
  progress("reduce");
  const columns = ours.decode(bytes, SHAPE);
  const check = (points) => {
    const most = SHAPE.series * (WIDTH_PX * 4 + 2);
    if (points === 0 || points > most) throw new Error(`${points} points are left, and at most ${most} should be`);
  };
  const millis = await takeTurns({ m4: { run: () => columns.reduce(WIDTH_PX), check, repeat: 20 } }, { warmUps: 3, rounds: 15 });
  columns.free();
  return known("reduce/m4", median(millis.m4), "ms");
}

/** Every number decoded in Wasm is the one that the browser's own parser reads: a wrong decoder cannot win. */
function mustEqual(columns, expected) {
  expected.forEach(({ times, values }, series) => {
    mustBeSame(columns.times(), times, `times of series ${series}`);
    mustBeSame(columns.values(series) ?? [], values, `values of series ${series}`);
  });
  if (columns.values(expected.length) !== undefined) throw new Error("there are more series than were sent");
  columns.free();
}

function mustBeSame(decoded, expected, what) {
  const wrong = expected.findIndex((number, row) => !Object.is(number, decoded[row]));
  if (wrong !== -1) throw new Error(`${what}: row ${wrong} is ${decoded[wrong]} and should be ${expected[wrong]}`);
  if (decoded.length !== expected.length) throw new Error(`${what}: ${decoded.length} instead of ${expected.length}`);
}

function progress(what) {
  document.querySelector("#progress").append(`${what} …\n`);
}

try {
  window.benchResult = JSON.stringify(await main());
  progress("done");
} catch (error) {
  window.benchFailure = error.stack ?? String(error);
}
