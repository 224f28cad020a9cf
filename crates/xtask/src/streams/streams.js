
// A module whose code lies in streams (crates/xtask/src/streams).

/** What follows which instructions, from and to: a number in a stream, one of these, or as many bytes more than BYTES. */
const operandsOfRanges = OPERANDS;
const [MEMORY, MEMORY_LANE, PAIR, JUMP_TABLE, TRY, BYTES] = [10, 11, 12, 13, 14, 20];
const [INSTRUCTIONS, DECLARATIONS, OFFSETS, BLOCKS, JUMPS, OTHERS] = [0, 1, 3, 7, 8, 9];
const [FIRST_BLOCK, LAST_BLOCK, END, BULK_PREFIX, VECTOR_PREFIX] = [0x02, 0x04, 0x0b, 0xfc, 0xfd];
const [BULK, VECTOR, INSTRUCTION_COUNT] = [0x100, 0x200, 0x300];
const CATCH_ALL = 2;
const CODE_SECTION = 10;
const [WASM_MAGIC, MAGIC] = [0x6d736100, 0x73706f00];
/** The numbers before the streams, and the length that is written before a section or a function. */
const [HEAD_BYTES, LENGTH_BYTES] = [60, 5];

/** The module that is in a file, for the browser to compile. One that is in one piece stays as it is. */
export function wasmOf(buffer) {
    const bytes = new Uint8Array(buffer);
    const numbers = new DataView(buffer);
    const number = (place) => numbers.getUint32(4 * place, true);
    if (buffer.byteLength < HEAD_BYTES || number(0) === WASM_MAGIC) return bytes;
    if (number(0) !== MAGIC) throw new Error("it does not begin as a program does");
    const ends = [HEAD_BYTES];
    for (let place = 3; 4 * place < HEAD_BYTES; place++) ends.push(ends.at(-1) + number(place));
    if (ends.at(-1) !== buffer.byteLength) throw new Error("it is not all there");
    const [head, before, after] = ends;
    const wasm = new Uint8Array(number(1));
    wasm.set(bytes.subarray(head, before));
    const codeEnd = putTogether(bytes, ends.slice(2), number(2), wasm, before - head);
    wasm.set(bytes.subarray(before, after), codeEnd);
    return wasm;
}

/** Writes the code section from `to` on, out of the streams that begin there in `bytes`, and gives where it ends. */
function putTogether(bytes, starts, functions, wasm, to) {
    const operands = new Uint8Array(INSTRUCTION_COUNT);
    for (const [first, last, kind] of operandsOfRanges) operands.fill(kind, first, last + 1);
    const next = Uint32Array.from(starts);
    let depth;
    const byte = (stream) => {
        const at = next[stream]++;
        if (at >= bytes.length) throw new Error("it is not what was built");
        return wasm[to++] = bytes[at];
    };
    const number = (stream) => {
        let value = 0, shift = 0, part;
        do {
            part = byte(stream);
            value |= (part & 0x7f) << shift;
            shift += 7;
        } while (part & 0x80);
        return value;
    };
    const operandsOf = (kind) => {
        if (kind === MEMORY || kind === MEMORY_LANE) {
            wasm[to++] = 0;
            number(OFFSETS);
            if (kind === MEMORY_LANE) byte(OTHERS);
        } else if (kind === PAIR) {
            number(OTHERS);
            number(OTHERS);
        } else if (kind === JUMP_TABLE) {
            for (let left = number(JUMPS); left >= 0; left--) number(JUMPS);
        } else if (kind === TRY) {
            depth++;
            number(BLOCKS);
            for (let left = number(OTHERS); left > 0; left--) {
                if (byte(OTHERS) < CATCH_ALL) number(OTHERS);
                number(OTHERS);
            }
        } else {
            for (; kind > BYTES; kind--) byte(OTHERS);
        }
    };
    const setLength = (at, length) => {
        for (let end = at + LENGTH_BYTES; at < end; length >>>= 7) wasm[at] = length & 0x7f | (++at < end ? 0x80 : 0);
    };

    wasm[to++] = CODE_SECTION;
    const section = to += LENGTH_BYTES;
    setLength(section, functions);
    to += LENGTH_BYTES;
    for (; functions > 0; functions--) {
        const body = to += LENGTH_BYTES;
        for (let locals = number(DECLARATIONS); locals > 0; locals--) number(DECLARATIONS), byte(DECLARATIONS);
        for (depth = 1; depth > 0;) {
            let instruction = byte(INSTRUCTIONS);
            if (instruction === END) depth--;
            else if (instruction >= FIRST_BLOCK && instruction <= LAST_BLOCK) depth++;
            else if (instruction === BULK_PREFIX) instruction = BULK + number(INSTRUCTIONS);
            else if (instruction === VECTOR_PREFIX) instruction = VECTOR + number(INSTRUCTIONS);
            const kind = operands[instruction];
            if (kind > OTHERS) operandsOf(kind);
            else if (kind > 0) number(kind);
        }
        setLength(body - LENGTH_BYTES, to - body);
    }
    setLength(section - LENGTH_BYTES, to - section);
    return to;
}
