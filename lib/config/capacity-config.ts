/**
 * Requests per second to each route, over all users: 1 to 10,000. Twice as many may come at once.
 *
 * Those to `login` up to `callback` make KMS sign. KMS signs with RSA 1,000 times a second by default (500 in some
 * Regions) for the whole account, which other applications may share: all our routes together ask for half of the lower
 * one at most, unless they are configured to ask for more.
 */
export interface ThrottlingConfig {
  /** @default 80 */
  readonly login: number;
  /** @default 20 */
  readonly reauthenticate: number;
  /** @default 20 */
  readonly proveIdentity: number;
  /** @default 20 */
  readonly inPersonReturn: number;
  /** @default 80 */
  readonly callback: number;
  /** @default 500 */
  readonly userinfo: number;
  /**
   * To `GET /auth/logout`, `POST /auth/logout` and `GET /auth/signed-out`, each.
   * @default 500
   */
  readonly logout: number;
  /** @default 500 */
  readonly backchannelLogout: number;
  /**
   * To each route that is not named here, such as the JWKS.
   * @default 500
   */
  readonly others: number;
}

/**
 * How many requests a function may work on at the same time. So many are taken from what all functions of the account
 * share, and kept for it.
 */
export interface ReservedConcurrencyConfig {
  /** @default none of its own: what all functions of the account share */
  readonly login?: number;
  /** @default as login */
  readonly callback?: number;
  /** @default as login */
  readonly userinfo?: number;
  /** @default as login */
  readonly logout?: number;
  /** @default 20, where the account has 120 or more that are not reserved; otherwise as login */
  readonly backchannelLogout?: number;
}
