// Made-up answers of the server the page came from.

/** The response to a range query of this shape, once its head has arrived. */
export async function request(shape, kind) {
  const query = new URLSearchParams({ ...shape, kind });
  const response = await fetch(`/synthetic/api/v1/query_range?${query}`, { cache: "no-store" });
  if (!response.ok) throw new Error(`${kind}: the server says ${response.status}`);
  return response;
}
