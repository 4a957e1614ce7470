/** Each restored backup begins a generation; a peer that has more is no Depter. */
const MOST_GENERATIONS = 100;

/**
 * The verifier key of a log's newest generation, which tells it from every other; undefined where it cannot be known. A
 * log that was restored goes on in a new generation, and may have lost what a feed thinks to be there.
 */
export async function newestLog(
  verifierKey: (generation: number) => Promise<string | undefined>,
): Promise<string | undefined> {
  let newest: string | undefined;
  try {
    for (let generation = 1; generation <= MOST_GENERATIONS; generation += 1) {
      const next = await verifierKey(generation);
      if (next === undefined) return newest;
      newest = next;
    }
  } catch {
    // A log that cannot be asked is not known; a feed to it begins at the beginning.
  }
  return undefined;
}
