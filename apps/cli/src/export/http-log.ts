/** The log of a running server, read with a regulator's or an auditor's key as any tlog-tiles client would read it. */
import { subjectRef, type ControllerId } from '#ledger';
import { CommandFailure, peerFailed, wrongUse } from '../failure.js';
import { ask, type Peer } from '../peer.js';
import { latestGenerationAt, servedLog } from '../verify/served-log.js';
import { baseOf, generationOf, headOf, type ExportedLog, type KeptHead, type PersonEvidence } from './exported-log.js';

/** Of the generation asked for, or else the latest. Throws CommandFailure. */
export async function httpLog(peer: Peer, controller: ControllerId, asked?: number): Promise<ExportedLog> {
  const latest = await latestGenerationAt(peer, controller);
  if (latest === 0) throw new CommandFailure(1, 'This controller has no log at that address.');
  const generation = generationOf(asked, latest);
  const served = servedLog(peer, `/log/${controller}/${generation}`);
  return {
    ...served,
    generation,
    base: await baseOf(generation, (of, index, width) =>
      servedLog(peer, `/log/${controller}/${of}`).bundle(index, width),
    ),
    heads: async (): Promise<readonly KeptHead[]> =>
      (await served.kept()).map(({ note, cosigned }) => headOf(note, cosigned)),
    person: async (text, request): Promise<PersonEvidence> => {
      const subject = subjectRef(text);
      if (subject === undefined)
        throw wrongUse('--subject must be a reference of 22 characters, as `subjects/find` answers.');
      const query = request === undefined ? '' : `?request=${encodeURIComponent(request)}`;
      const answer = await ask(peer, 'GET', `/v1/${controller}/subjects/${subject}/evidence${query}`);
      const { entries, checkpoint: _, receipts: __, ...shown } = JSON.parse(answer) as Record<string, unknown>;
      if (!Array.isArray(entries)) throw unknownAnswer();
      const rows = entries as readonly { position?: unknown; entry?: unknown }[];
      const read = rows.map(({ position, entry }) => {
        if (typeof position !== 'number' || typeof entry !== 'string') throw unknownAnswer();
        return { position, entry: new Uint8Array(Buffer.from(entry, 'base64')) };
      });
      const told = rows.map(({ entry: ___, ...row }) => row);
      return { entries: read, view: JSON.stringify({ ...shown, entries: told }, null, 1) };
    },
    packsInForce: async () =>
      JSON.stringify(JSON.parse(await ask(peer, 'GET', `/v1/${controller}/packs?limit=1000`)), null, 1),
  };
}

const unknownAnswer = () =>
  peerFailed('The server answers in words that this version does not know. Check that --url is the address of Depter.');
