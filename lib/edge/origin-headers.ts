/**
 * What CloudFront adds to requests for the API, see docs/behind-cloudfront.md. A browser can send such headers as well:
 * CloudFront replaces them, and whoever goes around CloudFront does not know the secret.
 */
export const originHeaders = {
  /** Holds one of the origin secrets. */
  secret: 'x-origin-verify',
  /** Holds the address of whoever asked CloudFront, and nothing else. */
  viewerAddress: 'true-client-ip',
} as const;
