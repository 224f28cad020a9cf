// What pages without a decoder of their own do at best: the browser's JSON parser, then typed arrays.

/** The times (seconds) and values of every series of a matrix. */
export function columnsOf(answer) {
  return answer.data.result.map(({ values: samples }) => {
    const times = new Float64Array(samples.length);
    const values = new Float64Array(samples.length);
    for (let i = 0; i < samples.length; i += 1) {
      const sample = samples[i];
      times[i] = sample[0];
      values[i] = Number.parseFloat(sample[1]);
    }
    return { times, values };
  });
}

/** From text in memory to columns. */
export function parse(text) {
  return columnsOf(JSON.parse(text));
}

/** From a response whose head has arrived to columns. */
export async function receive(response) {
  return columnsOf(await response.json());
}
