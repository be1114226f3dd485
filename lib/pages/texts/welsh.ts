import type { Texts } from './text-types.ts';

/**
 * The service's name is not put into sentences: after a preposition its first letter would change, and a
 * name that other people chose cannot be changed. The contact's name is written for the one place where it stands.
 */
export const welsh: Texts = {
  frame: {
    skipLink: 'Neidio i’r prif gynnwys',
    homepageUrl: 'https://www.gov.uk/cymraeg',
    serviceInformation: 'Gwybodaeth am y gwasanaeth',
    language: 'Iaith',
    reference: 'Cyfeirnod:',
    contact: {
      usual: ['', 'Cysylltwch â’r {name}', ' os oes angen i chi siarad â rhywun am y gwasanaeth.'],
      notFound: [
        'Os yw’r cyfeiriad gwe yn gywir neu os gwnaethoch ddewis dolen neu fotwm, ',
        'cysylltwch â’r {name}',
        ' os oes angen i chi siarad â rhywun am y gwasanaeth.',
      ],
    },
    help: 'Cael help gyda’r gwasanaeth hwn',
    phone: 'Ffôn:',
    callCharges: 'Gwybodaeth am gostau galwadau',
    callChargesUrl: 'https://www.gov.uk/costau-galwadau',
    cancel: 'Canslo',
    feedback: ['Mae hwn yn wasanaeth newydd. Helpwch ni i’w wella a ', 'rhowch eich adborth', '.'],
    supportLinks: 'Dolenni cymorth',
    licence: [
      'Mae’r holl gynnwys ar gael o dan ',
      'Drwydded Llywodraeth Agored f3.0',
      ', oni nodir yn wahanol',
    ],
    copyright: '© Hawlfraint y Goron',
  },
  pages: {
    problem: {
      title: 'Mae’n ddrwg gennym, mae problem gyda’r gwasanaeth',
      text: [
        'Rhowch gynnig arall arni yn nes ymlaen.',
        'Nid oedd modd i ni eich mewngofnodi na gwirio eich manylion.',
      ],
      action: 'Rhoi cynnig arall arni',
    },
    'temporarily-unavailable': {
      title: 'Nid yw GOV.UK One Login ar gael ar hyn o bryd',
      text: [
        'Nid oedd modd i ni eich mewngofnodi na gwirio eich manylion.',
        'Arhoswch ychydig funudau, yna rhowch gynnig arall arni.',
      ],
      action: 'Rhoi cynnig arall arni',
    },
    'identity-unavailable': {
      title: 'Ni allwch brofi pwy ydych chi ar hyn o bryd',
      text: [
        'Ni all GOV.UK One Login wirio mwy o hunaniaethau ar hyn o bryd. Nid oes gan hyn ddim i’w wneud â’ch manylion.',
        'Os ydych wedi mewngofnodi, byddwch yn aros wedi’ch mewngofnodi. Rhowch gynnig arall arni yn nes ymlaen.',
      ],
      action: 'Rhoi cynnig arall arni',
    },
    'service-unavailable': {
      title: 'Mae’n ddrwg gennym, nid yw’r gwasanaeth ar gael',
      text: ['Byddwch yn gallu defnyddio’r gwasanaeth yn nes ymlaen.'],
    },
    'start-again': {
      title: 'Mae angen i chi fewngofnodi eto',
      text: [
        'Mae eich cais i fewngofnodi eisoes wedi’i ddefnyddio, wedi dod i ben neu nid oedd modd ei gwblhau.',
        'Mewngofnodwch eto i barhau.',
      ],
      action: 'Mewngofnodi eto',
    },
    denied: {
      title: 'Nid ydych wedi cael eich mewngofnodi',
      text: [
        'Efallai eich bod wedi canslo, neu nad oedd GOV.UK One Login yn gallu eich mewngofnodi.',
        'Os ydych eisiau parhau, mewngofnodwch eto.',
      ],
      action: 'Mewngofnodi eto',
    },
    'identity-denied': {
      title: 'Nid ydych wedi profi eich hunaniaeth',
      text: [
        'Efallai eich bod wedi canslo neu wedi cymryd gormod o amser, neu na allai GOV.UK One Login brofi eich hunaniaeth.',
        'Os ydych eisiau parhau, rhowch gynnig arall arni.',
      ],
      action: 'Rhoi cynnig arall arni',
    },
    'switched-browser': {
      title: 'Mae angen i chi fewngofnodi eto',
      text: [
        'Efallai eich bod wedi dechrau mewn porwr arall neu ar ddyfais arall, neu fod eich porwr yn rhwystro cwcis.',
        'I barhau, mewngofnodwch eto yn y porwr hwn. Os yw eich porwr yn rhwystro cwcis, caniatewch nhw ar gyfer y gwasanaeth hwn yn gyntaf.',
      ],
      action: 'Mewngofnodi eto',
    },
    'sent-back': {
      title: 'Ni ellir dangos y dudalen hon',
      text: [
        'Rydych wedi mewngofnodi, ond mae’r dudalen yn eich anfon yn ôl i fewngofnodi dro ar ôl tro.',
        'Mae hon yn broblem gyda’r dudalen. Gallwch ddefnyddio gweddill y gwasanaeth, neu roi cynnig arall arni yn nes ymlaen.',
      ],
      action: 'Mynd i’r gwasanaeth',
    },
    'not-found': {
      title: 'Ni allwn ddod o hyd i’r dudalen',
      text: [
        'Os gwnaethoch deipio’r cyfeiriad gwe, gwiriwch ei fod yn gywir.',
        'Os gwnaethoch ludo’r cyfeiriad gwe, gwiriwch eich bod wedi copïo’r cyfeiriad cyfan.',
      ],
    },
    'sign-out-problem': {
      title: 'Mae’n ddrwg gennym, mae problem gyda’r gwasanaeth',
      text: [
        'Rhowch gynnig arall arni yn nes ymlaen.',
        'Nid oedd modd i ni eich allgofnodi. Efallai eich bod wedi mewngofnodi o hyd.',
      ],
      action: 'Rhoi cynnig arall arni',
    },
    'identity-not-proved': {
      title: 'Nid oeddech yn gallu profi eich hunaniaeth',
      text: [
        'Rydych wedi mewngofnodi, ond nid oeddech yn gallu profi eich hunaniaeth gyda GOV.UK One Login.',
        'Ewch ymlaen i’r gwasanaeth i weld beth allwch chi ei wneud nesaf.',
      ],
      action: 'Mynd ymlaen i’r gwasanaeth',
    },
    'in-person-return': {
      title: 'Ewch ymlaen i weld canlyniad eich gwiriad hunaniaeth',
      text: ['Rydych wedi mewngofnodi. Ewch ymlaen i GOV.UK One Login i weld y canlyniad.'],
      action: 'Parhau',
    },
    'confirm-sign-out': {
      title: 'Ydych chi eisiau allgofnodi?',
      text: ['Byddwch yn cael eich allgofnodi o’r gwasanaeth hwn ac o GOV.UK One Login.'],
      action: 'Allgofnodi',
    },
    'signed-out': {
      title: 'Rydych wedi allgofnodi',
      text: ['I ddefnyddio’r gwasanaeth eto, bydd angen i chi fewngofnodi.'],
      action: 'Dychwelyd i’r gwasanaeth',
    },
  },
  gatewayPages: {
    'page-not-found': {
      title: 'Ni allwn ddod o hyd i’r dudalen',
      text: [
        'Os gwnaethoch deipio’r cyfeiriad gwe, gwiriwch ei fod yn gywir.',
        'Os gwnaethoch ludo’r cyfeiriad gwe, gwiriwch eich bod wedi copïo’r cyfeiriad cyfan.',
      ],
    },
    'too-many-requests': {
      title: 'Mae’n ddrwg gennym, mae’r gwasanaeth yn brysur',
      text: [
        'Mae gormod o bobl yn defnyddio’r gwasanaeth ar hyn o bryd.',
        'Arhoswch funud, yna rhowch gynnig arall arni.',
      ],
      action: 'Rhoi cynnig arall arni',
    },
    'request-refused': {
      title: 'Mae’n ddrwg gennym, nid oedd modd i ni gwblhau eich cais',
      text: ['Ewch yn ôl, arhoswch ychydig funudau, yna rhowch gynnig arall arni.'],
      action: 'Mynd i’r gwasanaeth',
    },
    unavailable: {
      title: 'Mae’n ddrwg gennym, mae problem gyda’r gwasanaeth',
      text: ['Rhowch gynnig arall arni yn nes ymlaen.'],
      action: 'Rhoi cynnig arall arni',
    },
    'sign-in-needed': {
      title: 'Mae angen i chi fewngofnodi',
      text: [
        'Nid ydych wedi mewngofnodi, neu cawsoch eich allgofnodi am nad oeddech wedi defnyddio’r gwasanaeth ers peth amser.',
      ],
      action: 'Mewngofnodi',
    },
    'access-denied': {
      title: 'Ni allwch ddefnyddio’r dudalen hon eto',
      text: ['{explanation}'],
      action: '{linkText}',
    },
  },
  sessionTimeout: {
    title: 'Rydych ar fin cael eich allgofnodi',
    countdown: 'Er eich diogelwch, byddwn yn eich allgofnodi cyn pen {time}.',
    limit: 'Ni allwch aros wedi mewngofnodi am fwy o amser na hyn, ond gallwch fewngofnodi eto.',
    problem: 'Nid oedd modd i ni eich cadw wedi mewngofnodi. Byddwn yn dal i geisio.',
    stay: 'Parhau i fod wedi’ch mewngofnodi',
    close: 'Cau’r neges hon',
    signOut: 'Allgofnodi',
    minutes: ['1 funud', '2 funud', '{n} munud'],
    seconds: ['1 eiliad', '2 eiliad', '{n} eiliad'],
  },
};
