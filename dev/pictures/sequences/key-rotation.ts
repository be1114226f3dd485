import { buildSequence } from '../sequence.ts';

export const keyRotation = buildSequence(
  {
    title: 'Replacing the signing key 2026-01 with 2026-07',
    description:
      'Four deployments, each at least 24 hours after the one before. First, publish 2026-07: KMS creates it, and the JWKS has both keys. Second, 2026-07 signs, and 2026-01 stays published. Third, retire 2026-01: it leaves the JWKS. Fourth, remove 2026-01 from the config.',
  },
  {
    You: 'other',
    KMS: 'ours',
    'login and callback': 'ours',
    'JWKS in API Gateway': 'ours',
    'One Login': 'other',
  },
  ({ phase, note, message }) => [
    phase('1. Publish the new key'),
    message('You', 'JWKS in API Gateway', 'deploy: 2026-01 “sign”, 2026-07 “publish”'),
    note('KMS', 'Creates 2026-07'),
    message('KMS', 'JWKS in API Gateway', 'public keys 2026-01 and 2026-07'),
    message('One Login', 'JWKS in API Gateway', 'fetch the keys, keep for up to 24 hours'),
    note(['You', 'One Login'], 'Wait 24 hours'),
    phase('2. Sign with it'),
    message('You', 'login and callback', 'deploy: 2026-01 “publish”, 2026-07 “sign”'),
    message('login and callback', 'KMS', 'sign with 2026-07'),
    message('login and callback', 'One Login', 'requests signed with 2026-07'),
    note(['You', 'One Login'], 'Sign in once and run the doctor. Wait 24 hours'),
    phase('3. Retire the old key'),
    message('You', 'JWKS in API Gateway', 'deploy: 2026-01 “retire”, 2026-07 “sign”'),
    note('JWKS in API Gateway', 'Only 2026-07'),
    note(['You', 'One Login'], 'Wait 24 hours. Then One Login no longer trusts 2026-01'),
    phase('4. Remove the old key'),
    message('You', 'KMS', 'deploy: 2026-07 “sign”'),
    note('KMS', 'Keeps 2026-01 in production until you delete it'),
  ],
);
