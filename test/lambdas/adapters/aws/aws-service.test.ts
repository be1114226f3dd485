import { describe, expect, test } from '@jest/globals';
import { findEndpoint, readRegion } from '../../../../lambdas/adapters/aws/aws-service.ts';

const service = { name: 'kms', target: 'TrentService', jsonVersion: '1.1', byteFields: [] } as const;
const region = { AWS_REGION: 'eu-west-2' };
const publicEndpoint = 'https://kms.eu-west-2.amazonaws.com/';

describe('the endpoint of a service of AWS', () => {
  test.each<[string, string, Record<string, string>]>([
    ['public, in the region', publicEndpoint, region],
    [
      'the one for all services',
      'http://all.example/',
      { ...region, AWS_ENDPOINT_URL: 'http://all.example' },
    ],
    [
      'its own rather than the one for all',
      'http://own.example/',
      { AWS_ENDPOINT_URL: 'http://all.example', AWS_ENDPOINT_URL_KMS: 'http://own.example' },
    ],
    [
      'its own, also where FIPS is configured',
      'http://own.example/',
      { AWS_ENDPOINT_URL_KMS: 'http://own.example', AWS_USE_FIPS_ENDPOINT: 'true' },
    ],
    [
      'the one for all if its own is empty',
      'http://all.example/',
      { AWS_ENDPOINT_URL: 'http://all.example', AWS_ENDPOINT_URL_KMS: '' },
    ],
    [
      'public if both are empty',
      publicEndpoint,
      { ...region, AWS_ENDPOINT_URL: '', AWS_ENDPOINT_URL_KMS: '' },
    ],
    [
      'public where other endpoints are not configured',
      publicEndpoint,
      { ...region, AWS_USE_FIPS_ENDPOINT: 'false', AWS_USE_DUALSTACK_ENDPOINT: 'false' },
    ],
  ])('is %s', (_, endpoint, environment) => {
    expect(findEndpoint(service, environment).href).toBe(endpoint);
  });

  test.each(['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'])(
    'is not found where %s is true',
    (name) => {
      expect(() => findEndpoint(service, { ...region, [name]: 'true' })).toThrow(
        `${name} is not supported: set AWS_ENDPOINT_URL_KMS instead`,
      );
    },
  );

  test('is not found without a region', () => {
    expect(() => findEndpoint(service, {})).toThrow('AWS_REGION is not set');
  });
});

describe('the region', () => {
  test('is read, and an empty one is none', () => {
    expect(readRegion(region)).toBe('eu-west-2');
    expect(() => readRegion({ AWS_REGION: '' })).toThrow('AWS_REGION is not set');
  });
});
