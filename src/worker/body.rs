//! A response's body, chunk by chunk.

use js_sys::{ArrayBuffer, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamByobReader, ReadableStreamDefaultReader};

/// Big enough that a chunk's fixed cost does not count, small enough that the first is there at once.
const CHUNK_BYTES: u32 = 1 << 20;

/// The two ways browsers hand out a body.
pub enum Body {
    /// Into one buffer of ours that is used again and again.
    Bytes(ReadableStreamByobReader, ArrayBuffer),
    /// In chunks of the browser's own, where there are no byte streams.
    Chunks(ReadableStreamDefaultReader),
}

impl Body {
    /// Starts to read `stream`.
    pub fn new(stream: &ReadableStream) -> Self {
        match byte_reader(stream) {
            Some(reader) => Self::Bytes(reader, ArrayBuffer::new(CHUNK_BYTES)),
            None => Self::Chunks(stream.get_reader().unchecked_into()),
        }
    }

    /// Waits for the next chunk and copies it to the start of `scratch`; none at the end.
    pub async fn next<'a>(&mut self, scratch: &'a mut Vec<u8>) -> Result<Option<&'a [u8]>, JsValue> {
        let read = match self {
            Self::Bytes(reader, buffer) => reader.read_with_array_buffer_view(&Uint8Array::new(buffer)),
            Self::Chunks(reader) => reader.read(),
        };
        let read = JsFuture::from(read).await?;
        if Reflect::get(&read, &"done".into())?.is_truthy() {
            return Ok(None);
        }
        let bytes: Uint8Array = Reflect::get(&read, &"value".into())?.dyn_into()?;
        let length = bytes.length() as usize;
        if scratch.len() < length {
            // It only grows, in few sizes that fit where earlier ones were; and new memory comes with its zeros, while
            // writing them takes longer than all the copying.
            *scratch = vec![0; length.next_power_of_two()];
        }
        let Some(chunk) = scratch.get_mut(..length) else { return Ok(None) };
        bytes.copy_to(chunk);
        if let Self::Bytes(_, buffer) = self {
            // Reading detached our buffer; this is its memory in its new owner.
            *buffer = bytes.buffer();
        }
        Ok(Some(chunk))
    }

    /// Nobody wants the rest.
    pub fn cancel(&self) {
        let cancelled = match self {
            Self::Bytes(reader, _) => reader.cancel(),
            Self::Chunks(reader) => reader.cancel(),
        };
        // A stream that has ended by now needs no end.
        drop(cancelled);
    }
}

/// A reader into our own memory; none for a stream that is no byte stream.
fn byte_reader(stream: &ReadableStream) -> Option<ReadableStreamByobReader> {
    let options = js_sys::Object::new();
    Reflect::set(&options, &"mode".into(), &"byob".into()).ok()?;
    // Such a stream throws here, so the binding's own method, which cannot fail, is of no use.
    let method: Function = Reflect::get(stream, &"getReader".into()).ok()?.dyn_into().ok()?;
    method.call1(stream, &options).ok()?.dyn_into().ok()
}
