/** An entry of a claim about an address or a document. One Login guarantees none of its members. */
export type Claim = Readonly<Record<string, unknown>>;

/** A user who is signed in: the response of `/auth/userinfo`. Times are seconds since 1970. See `docs/openapi.json`. */
export interface OneLoginUser {
  /** The same for this user at each sign-in, until they create a new One Login. See `docs/account-linking.md`. */
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  /** Only for users who get security codes by text message. */
  readonly phone_number?: string;
  readonly phone_number_verified?: boolean;
  /** With the scope `wallet-subject-id`. */
  readonly wallet_subject_id?: string;
  /** The level of authentication. */
  readonly vot: 'Cl' | 'Cl.Cm';
  /** When the user signed in at One Login. */
  readonly auth_time?: number;
  /** Current addresses first. */
  readonly 'https://vocab.account.gov.uk/v1/address'?: readonly Claim[];
  readonly 'https://vocab.account.gov.uk/v1/passport'?: readonly Claim[];
  readonly 'https://vocab.account.gov.uk/v1/drivingPermit'?: readonly Claim[];
  readonly 'https://vocab.account.gov.uk/v1/returnCode'?: readonly Claim[];
  readonly identity: OneLoginIdentity;
  readonly session: {
    /** When the session ends with or without activity. */
    readonly expires_at: number;
    /** When the session ends without activity. */
    readonly idle_expires_at: number;
    readonly language: 'en' | 'cy';
    /** When the user last signed in again at your request. */
    readonly reauthenticated_at?: number;
  };
}

/** Only `outcome: 'proved'` means that the other members are the user's. */
export interface OneLoginIdentity {
  readonly outcome: 'not_requested' | 'proved' | 'not_proved';
  /** The level of a proved identity. */
  readonly vot?: 'P1' | 'P2';
  /** The full names of the claims that were requested, if the service has journeys. */
  readonly claims?: readonly string[];
  /** Why the identity was not proved. */
  readonly reason?: 'absent' | 'access_denied' | 'interrupted';
  /** Current names first. */
  readonly names: readonly {
    readonly given_names: readonly string[];
    readonly family_names: readonly string[];
    readonly full_name: string;
    /** `YYYY-MM-DD` */
    readonly valid_from?: string;
    /** `YYYY-MM-DD` */
    readonly valid_until?: string;
  }[];
  /** `YYYY-MM-DD` */
  readonly birth_dates: readonly string[];
  /** Letters. */
  readonly return_codes: readonly string[];
}
