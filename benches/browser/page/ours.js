// The app's decoder in Wasm, fed as the app feeds it: by chunks of at most 1 MiB.

import { Decoding, Scratch } from "./bench.js";

export const CHUNK_BYTES = 1 << 20;

let instances = 0;

/** A module of its own, with memory that nothing has grown yet. */
export async function instance() {
  instances += 1;
  const glue = await import(`./bench.js?instance=${instances}`);
  const { memory } = await glue.default();
  return { Decoding: glue.Decoding, memory };
}

/** From bytes in memory to columns. */
export function decode(bytes, shape, Module = Decoding) {
  const decoding = new Module(shape.start, shape.step, shape.points);
  for (const chunk of chunksOf(bytes)) decoding.push(chunk);
  return decoding.finish();
}

/** From a response whose head has arrived to columns, through one buffer that is used again and again. */
export async function receive(response, shape, Module = Decoding) {
  const decoding = new Module(shape.start, shape.step, shape.points);
  const reader = response.body.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(CHUNK_BYTES);
  for (;;) {
    const { value: chunk, done } = await reader.read(new Uint8Array(buffer));
    if (done) return decoding.finish();
    decoding.push(chunk);
    buffer = chunk.buffer;
  }
}

/** Only copies the bytes to where the decoder would find them. */
export function copy(bytes) {
  const scratch = new Scratch();
  for (const chunk of chunksOf(bytes)) scratch.fill(chunk);
  scratch.free();
}

function* chunksOf(bytes) {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}
