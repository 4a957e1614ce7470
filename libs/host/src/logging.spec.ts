import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BufferedSink, describeFailure } from './logging.js';

describe('BufferedSink', () => {
  it('writes the lines of one turn together, in order, and at once where asked', async () => {
    const written: string[] = [];
    const sink = new BufferedSink({ write: (text: string) => written.push(text) });
    sink.write('a\n');
    sink.write('b\n');
    expect(written).toEqual([]);
    await nextTurn();
    sink.write('c\n');
    sink.flush();
    await nextTurn();
    expect(written).toEqual(['a\nb\n', 'c\n']);
  });
});

describe('describeFailure', () => {
  it('says where, and nothing of what', () => {
    const cause = Object.assign(new TypeError('canary in the cause'), { code: 'ERR_CLOSED' });
    const said = describeFailure(new Error('canary\n    at canary (file:1:2) and more\ncanary', { cause }));
    expect(JSON.stringify(said)).not.toContain('canary');
    expect(said).toMatchObject({ name: 'Error', cause: { name: 'TypeError', code: 'ERR_CLOSED' } });
    expect(said.at?.[0]).toMatch(/logging\.spec/);
  });

  it('takes whatever is thrown', () => {
    expect(describeFailure('canary')).toEqual({ name: 'string' });
    expect(describeFailure(undefined)).toEqual({ name: 'undefined' });
    expect(describeFailure(Object.assign(new Error(''), { name: 'a canary', code: 'a canary' })).name).toBe('Error');
  });
});
