export type Claims = Readonly<Record<string, unknown>>;

/** What a fault puts in place of a token's claims; undefined takes a claim away. `now` is in seconds. */
export type ClaimFaults<Name extends string> = Readonly<
  Record<Name, (claims: Claims, now: number) => Claims>
>;

/** Applies those of the faults that are about claims, one after the other. */
export function spoilClaims(
  claims: Claims,
  faults: readonly string[],
  replacements: ClaimFaults<string>,
  now: number,
): Claims {
  let spoilt = claims;
  for (const fault of faults) {
    const replace = Object.hasOwn(replacements, fault) ? replacements[fault] : undefined;
    if (replace !== undefined) spoilt = { ...spoilt, ...replace(spoilt, now) };
  }
  return spoilt;
}
