import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findMistakes } from '../lib/config/find-mistakes.ts';

const directory = mkdtempSync(join(tmpdir(), 'one-login-move-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('docs/move-a-live-service.md', () => {
  it('has a command that makes a JWK for the config from a public key', () => {
    const page = readFileSync('docs/move-a-live-service.md', 'utf8');
    const [, script = ''] = /^ *node -p '(.*)'$/m.exec(page) ?? [];
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(join(directory, 'public_key.pem'), publicKey.export({ format: 'pem', type: 'spki' }));
    const printed = execFileSync(process.execPath, ['-p', script], { cwd: directory, encoding: 'utf8' });

    const key = { kid: 'old-2024', alg: 'RS256', ...JSON.parse(printed) };
    expect(findMistakes({ publishedKeys: [key] })).toEqual([]);
  });
});
