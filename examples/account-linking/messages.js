/** What users see in each case. None of it tells whether another person has an account. Have the Welsh checked. */
export const messages = {
  created: {
    en: 'Have you used this service before?',
    cy: 'Ydych chi wedi defnyddio’r gwasanaeth hwn o’r blaen?',
  },
  identity_needed: {
    en: 'Prove your identity to find your account',
    cy: 'Profwch eich hunaniaeth i ddod o hyd i’ch cyfrif',
  },
  linked: {
    en: 'We have found your account',
    cy: 'Rydym wedi dod o hyd i’ch cyfrif',
  },
  not_found: {
    en: 'We could not find your account. Check your reference number, or ask us to send you a code by post',
    cy: 'Ni allem ddod o hyd i’ch cyfrif. Gwiriwch eich cyfeirnod, neu gofynnwch i ni anfon cod atoch drwy’r post',
  },
  too_many_tries: {
    en: 'You have tried too many times. Try again tomorrow',
    cy: 'Rydych wedi ceisio gormod o weithiau. Rhowch gynnig arall arni yfory',
  },
  unlinked: {
    en: 'This GOV.UK One Login no longer opens your account',
    cy: 'Nid yw’r GOV.UK One Login hwn yn agor eich cyfrif mwyach',
  },
  last_sign_in: {
    en: 'You cannot remove your only way to sign in',
    cy: 'Ni allwch dynnu’r unig ffordd o fewngofnodi',
  },
  /** An email to each address in `notify`. */
  notify: {
    en: 'Someone who proved your identity has linked another GOV.UK One Login to your account. Contact us if it was not you',
    cy: 'Mae rhywun a brofodd eich hunaniaeth wedi cysylltu GOV.UK One Login arall â’ch cyfrif. Cysylltwch â ni os nad chi oedd',
  },
};
