import { describe, expect, it } from '@jest/globals';
import { checkNodeBinary } from '../node-binary.ts';

describe('checkNodeBinary', () => {
  it('accepts the Node that runs these tests', async () => {
    await expect(checkNodeBinary()).resolves.toBeUndefined();
  });

  it('refuses a binary with another hash', async () => {
    await expect(checkNodeBinary('package.json', '00')).rejects.toThrow('package.json is not the Node that');
  });
});
