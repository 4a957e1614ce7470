/** A rule about an id that nobody lists is told at its place, whichever pack should have it. */

import { describe, expect, it } from '@jest/globals';
import { DATA, packFiles } from '../testdata/load.js';
import { checkFiles } from './index.js';

type Path = readonly (string | number)[];
const files = packFiles(DATA);

/** What a check tells when the value at one place of one file is another one. */
function told(source: string, path: Path, value: unknown): string[] {
  const changed = files.map((file) => {
    if (file.source !== source) return file;
    const content = structuredClone(file.content);
    let at = content as Record<string | number, unknown>;
    for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
    at[path.at(-1) ?? ''] = value;
    return { source, content };
  });
  return checkFiles(changed).map((one) => `${one.source} ${one.pointer}`);
}

describe('a name that no pack has', () => {
  it.each<[string, string, Path, unknown, string]>([
    ['basis of a transfer', 'kg.somo.yaml', ['transfers', 1, 'basis'], 'wish', '/transfers/1/basis'],
    ['purpose of a transfer', 'kg.somo.yaml', ['transfers', 2, 'purposes', 0], 'sell', '/transfers/2/purposes/0'],
    ['recipient of a transfer', 'kg.somo.yaml', ['transfers', 2, 'recipients'], ['kg.x'], '/transfers/2/recipients/0'],
    ['item of a transfer', 'kg.somo.yaml', ['transfers', 2, 'items'], ['shoe'], '/transfers/2/items/0'],
    ['undertaking of staff', 'kz.autosiyliq.yaml', ['staff', 0, 'undertakings'], ['x'], '/staff/0/undertakings/0'],
    ['onward undertaking', 'kg.softskills.yaml', ['onward', 0, 'undertaking'], 'x', '/onward/0/undertaking'],
    ['purpose of a ban', 'kg.softskills.yaml', ['itemBans', 0, 'purposes'], ['x'], '/itemBans/0/purposes/0'],
    ['purpose kept anonymised', 'kg.softskills.yaml', ['anonymised', 'purposes'], ['x'], '/anonymised/purposes/0'],
    ['channel of a request', 'kg.softskills.yaml', ['requests', 0, 'channels'], ['pigeon'], '/requests/0/channels/0'],
    ['channel of a change', 'kg.somo.yaml', ['edition', 'change', 'channel'], 'pigeon', '/edition/change/channel'],
    ['class of an item', 'kg.somo.yaml', ['items', 0, 'classes'], ['secret'], '/items/0/classes/0'],
    ['law cited', 'kg.somo.yaml', ['lawsCited', 0, 'pack'], 'kz.94-v', '/lawsCited/0/pack'],
    ['cause', 'kz.94-v.yaml', ['deadlines', 0, 'condition'], { causes: ['x'] }, '/deadlines/0/condition/causes/0'],
    [
      'category',
      'kz.56-v.yaml',
      ['deadlines', 2, 'condition'],
      { categories: ['x'] },
      '/deadlines/2/condition/categories/0',
    ],
    ['purpose of a minimum', 'kz.573-ii.yaml', ['minimums', 0, 'after', 'purpose'], 'x', '/minimums/0/after/purpose'],
    ['law that follows', 'kg.law-58.yaml', ['meta', 'replacedBy'], 'kg.nothing', '/meta/replacedBy'],
  ])('as %s is told', (_, source, path, value, pointer) => {
    expect(told(source, path, value)).toContain(`${source} ${pointer}`);
  });

  it('is looked for in a law only where a policy under it is loaded', () => {
    const alone = files.filter((file) => file.source === 'kz.573-ii.yaml');
    expect(checkFiles(alone)).toEqual([]);
  });
});
