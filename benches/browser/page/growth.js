// How time and memory grow with the answer.

import { known } from "./figures.js";
import * as ours from "./ours.js";
import { request } from "./synthetic.js";

const KIND = "decimal";
const WIDTH_PX = 1_000;

/** Samples in twenty series, and series of a hundred samples. */
const SAMPLES = [1e4, 1e5, 1e6, 1e7];
const SERIES = [1, 10, 100, 1_000, 10_000];

export async function growth(shape) {
  const figures = [];
  for (const samples of SAMPLES) {
    const points = samples / shape.series;
    figures.push(...(await cost(`growth/samples/${samples}`, { ...shape, points })));
  }
  for (const series of SERIES) {
    figures.push(...(await cost(`growth/series/${series}`, { ...shape, series, points: 100 })));
  }
  return figures;
}

/** From bytes in memory to the points that are drawn, the best of some turns, and how far Wasm memory grew for it. */
async function cost(name, shape) {
  const bytes = new Uint8Array(await (await request(shape, KIND)).arrayBuffer());
  const { Decoding, memory } = await ours.instance();
  const before = memory.buffer.byteLength;
  const turns = bytes.length > 1e8 ? 3 : 7;
  let [decode, reduce] = [Infinity, Infinity];
  for (let turn = 0; turn < turns; turn += 1) {
    const start = performance.now();
    const columns = ours.decode(bytes, shape, Decoding);
    const decoded = performance.now();
    columns.reduce(WIDTH_PX);
    [decode, reduce] = [Math.min(decode, decoded - start), Math.min(reduce, performance.now() - decoded)];
    columns.free();
  }
  return [
    known(`${name}/decode`, decode, "ms"),
    known(`${name}/reduce`, reduce, "ms"),
    known(`${name}/memory`, (memory.buffer.byteLength - before) / 2 ** 20, "MiB"),
  ];
}
