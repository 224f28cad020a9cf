// What an answer takes in memory: at most while it is read, and as long as it is kept.

import { atMost, known } from "./figures.js";
import * as ours from "./ours.js";
import * as peer from "./peer.js";
import { request } from "./synthetic.js";

const KIND = "float";

/** The part of the baseline's peak that ours may have. */
const MAX_PEAK_RATIO = 0.25;

/** A double, and a sixteenth of one for all around it. */
const MAX_RESIDENT_BYTES = 8.5;

export async function memory(shape) {
  const samples = shape.series * shape.points;
  const theirs = (await peerPeak(shape)) / samples;
  const { peak, resident } = await ourBytes(shape);
  return [
    atMost(MAX_PEAK_RATIO * theirs, "memory/peak", peak / samples, "B/sample"),
    known("memory/peak-baseline", theirs, "B/sample"),
    atMost(MAX_RESIDENT_BYTES, "memory/resident", resident / samples, "B/sample"),
  ];
}

/** While the parsed answer and the columns made of it are both there. The body's text comes on top and is left out. */
async function peerPeak(shape) {
  const before = heapBytes();
  const answer = await (await request(shape, KIND)).json();
  const columns = peer.columnsOf(answer);
  const heap = heapBytes() - before;
  const arrays = columns.reduce((sum, { times, values }) => sum + times.byteLength + values.byteLength, 0);
  if (answer.data.result.length !== shape.series) throw new Error("the answer was not what was asked for");
  return heap + arrays;
}

/** Of a module that has done nothing else. Wasm memory never shrinks, so its size after an answer is the peak. */
async function ourBytes(shape) {
  const KEPT = 4;
  const { Decoding, memory } = await ours.instance();
  const wasm = () => memory.buffer.byteLength;
  const [before, heap] = [wasm(), heapBytes()];
  const kept = [await ours.receive(await request(shape, KIND), shape, Decoding)];
  const first = wasm();
  const peak = first - before + ours.CHUNK_BYTES + Math.max(0, heapBytes() - heap);
  while (kept.length <= KEPT) kept.push(await ours.receive(await request(shape, KIND), shape, Decoding));
  const resident = (wasm() - first) / KEPT;
  for (const columns of kept) columns.free();
  return { peak, resident };
}

/** Bytes of the JavaScript heap. Chromium says so exactly with --enable-precise-memory-info, and only then. */
function heapBytes() {
  return performance.memory.usedJSHeapSize;
}
