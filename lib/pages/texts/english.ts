import type { Texts } from './text-types.ts';

/** Follows the GOV.UK style guide: plain, short, without blame, and without words of the protocol. */
export const english: Texts = {
  frame: {
    skipLink: 'Skip to main content',
    homepageUrl: 'https://www.gov.uk',
    serviceInformation: 'Service information',
    language: 'Language',
    reference: 'Reference number:',
    contact: {
      usual: ['', 'Contact the {name}', ' if you need to speak to someone about the service.'],
      notFound: [
        'If the web address is correct or you selected a link or button, ',
        'contact the {name}',
        ' if you need to speak to someone about the service.',
      ],
    },
    help: 'Get help with this service',
    phone: 'Phone:',
    callCharges: 'Find out about call charges',
    callChargesUrl: 'https://www.gov.uk/call-charges',
    cancel: 'Cancel',
    feedback: ['This is a new service. Help us improve it and ', 'give your feedback', '.'],
    supportLinks: 'Support links',
    licence: [
      'All content is available under the ',
      'Open Government Licence v3.0',
      ', except where otherwise stated',
    ],
    copyright: '© Crown copyright',
  },
  pages: {
    problem: {
      title: 'Sorry, there is a problem with the service',
      text: ['Try again later.', 'We could not sign you in or check your details.'],
      action: 'Try again',
    },
    'temporarily-unavailable': {
      title: 'GOV.UK One Login is temporarily unavailable',
      text: ['We could not sign you in or check your details.', 'Wait a few minutes, then try again.'],
      action: 'Try again',
    },
    'identity-unavailable': {
      title: 'You cannot prove your identity at the moment',
      text: [
        'GOV.UK One Login cannot check any more identities at the moment. This has nothing to do with your details.',
        'If you are signed in, you stay signed in. Try again later.',
      ],
      action: 'Try again',
    },
    'service-unavailable': {
      title: 'Sorry, the service is unavailable',
      text: ['You will be able to use the service later.'],
    },
    'start-again': {
      title: 'You need to sign in again',
      text: [
        'Your sign-in has been used already, has expired or could not be completed.',
        'Sign in again to continue.',
      ],
      action: 'Sign in again',
    },
    denied: {
      title: 'You have not been signed in',
      text: [
        'You may have cancelled, or GOV.UK One Login could not sign you in.',
        'If you want to continue, sign in again.',
      ],
      action: 'Sign in again',
    },
    'identity-denied': {
      title: 'You have not proved your identity',
      text: [
        'You may have cancelled or taken too long, or GOV.UK One Login could not prove your identity.',
        'If you want to continue, try again.',
      ],
      action: 'Try again',
    },
    'switched-browser': {
      title: 'You need to sign in again',
      text: [
        'You may have started in another browser or on another device, or your browser may be blocking cookies.',
        'To continue, sign in again in this browser. If your browser blocks cookies, allow them for this service first.',
      ],
      action: 'Sign in again',
    },
    'sent-back': {
      title: 'This page cannot be shown',
      text: [
        'You are signed in, but the page keeps sending you back to sign in.',
        'This is a problem with the page. You can use the rest of the service, or try again later.',
      ],
      action: 'Go to {serviceName}',
    },
    'not-found': {
      title: 'Page not found',
      text: [
        'If you typed the web address, check it is correct.',
        'If you pasted the web address, check you copied the entire address.',
      ],
    },
    'sign-out-problem': {
      title: 'Sorry, there is a problem with the service',
      text: ['Try again later.', 'We could not sign you out. You may still be signed in.'],
      action: 'Try again',
    },
    'identity-not-proved': {
      title: 'You could not prove your identity',
      text: [
        'You are signed in, but you could not prove your identity with GOV.UK One Login.',
        'Continue to the service to see what you can do next.',
      ],
      action: 'Continue to {serviceName}',
    },
    'in-person-return': {
      title: 'Continue to see the result of your identity check',
      text: ['You are signed in. Continue to GOV.UK One Login to see the result.'],
      action: 'Continue',
    },
    'confirm-sign-out': {
      title: 'Do you want to sign out?',
      text: ['You will be signed out of this service and of GOV.UK One Login.'],
      action: 'Sign out',
    },
    'signed-out': {
      title: 'You are signed out',
      text: ['To use the service again, you will need to sign in.'],
      action: 'Return to {serviceName}',
    },
  },
  gatewayPages: {
    'page-not-found': {
      title: 'Page not found',
      text: [
        'If you typed the web address, check it is correct.',
        'If you pasted the web address, check you copied the entire address.',
      ],
    },
    'too-many-requests': {
      title: 'Sorry, the service is busy',
      text: ['Too many people are using the service at the moment.', 'Wait a minute, then try again.'],
      action: 'Try again',
    },
    'request-refused': {
      title: 'Sorry, we could not complete your request',
      text: ['Go back, wait a few minutes, then try again.'],
      action: 'Go to {serviceName}',
    },
    unavailable: {
      title: 'Sorry, there is a problem with the service',
      text: ['Try again later.'],
      action: 'Try again',
    },
    'sign-in-needed': {
      title: 'You need to sign in',
      text: [
        'You are not signed in, or you were signed out because you did not use the service for some time.',
      ],
      action: 'Sign in',
    },
    'access-denied': {
      title: 'You cannot use this page yet',
      text: ['{explanation}'],
      action: '{linkText}',
    },
  },
  sessionTimeout: {
    title: 'You’re about to be signed out',
    countdown: 'For your security, we will sign you out in {time}.',
    limit: 'You cannot stay signed in for longer than this, but you can sign in again.',
    problem: 'We could not keep you signed in. We will keep trying.',
    stay: 'Stay signed in',
    close: 'Close this message',
    signOut: 'Sign out',
    minutes: ['1 minute', '2 minutes', '{n} minutes'],
    seconds: ['1 second', '2 seconds', '{n} seconds'],
  },
};
