import { signIn } from '../templateCases.js'
import { type Attack, type Attacks, world } from './Attack.js'

const raw = (hex: string) => ({ kind: 'message', message: { raw: hex } })
const text = (message: string) => ({ kind: 'message', message })
const greeting = text('Welcome to the example')
const hash = 'ab'.repeat(32)
const cyrillic = 'app.ex\u0430mple.com'

const stating = (statement: string) =>
  text(signIn().message.replace('\n\n\n', `\n\n${statement}\n\n`))

/** Messages and sign-ins. */
export const messages: Attacks = {
  policy: {
    ...world,
    rules: [
      {
        ...{ id: 'sign-in', chains: [1] },
        message: {
          kinds: ['sign-in'],
          domains: ['app.example.com'],
          uris: ['https://app.example.com/login'],
          minNonceLength: 8,
        },
      },
      {
        id: 'greet',
        message: {
          kinds: ['text'],
          texts: ['Welcome to the example', 'Caf\u00e9'],
        },
      },
    ],
  },
  attacks: [
    [
      'a domain with a Cyrillic letter',
      'rules[sign-in].message.domains',
      signIn({ domain: cyrillic }),
      signIn(),
    ],
    [
      'a domain with other letters',
      'rules[sign-in].message.domains',
      signIn({ domain: 'app.exarnple.com' }),
      signIn(),
    ],
    [
      'a domain in Punycode',
      'rules[sign-in].message.domains',
      signIn({ domain: 'xn--app-exmple-4fg.com' }),
      signIn(),
    ],
    [
      'a domain within another',
      'rules[sign-in].message.domains',
      signIn({ domain: 'app.example.com.thief.com' }),
      signIn(),
    ],
    [
      'a domain as a user',
      'rules[sign-in].message.domains',
      signIn({ domain: 'app.example.com@thief.com' }),
      signIn(),
    ],
    [
      'a domain with a port',
      'rules[sign-in].message.domains',
      signIn({ domain: 'app.example.com:8443' }),
      signIn(),
    ],
    [
      'a domain with a dot at its end',
      'rules[sign-in].message.domains',
      signIn({ domain: 'app.example.com.' }),
      signIn(),
    ],
    [
      'another URI',
      'rules[sign-in].message.uris',
      signIn({ uri: 'https://thief.example.com/login' }),
      signIn(),
    ],
    [
      'a URI that goes on',
      'rules[sign-in].message.uris',
      signIn({ uri: 'https://app.example.com/login/../steal' }),
      signIn(),
    ],
    [
      'a session of a day',
      'rules[sign-in].maxValidity',
      signIn({ expires: '2026-12-02T10:00:00Z' }),
      signIn(),
    ],
    [
      'a session of an hour and a moment',
      'rules[sign-in].maxValidity',
      signIn({ expires: '2026-12-01T11:00:00.001Z' }),
      signIn({ expires: '2026-12-01T11:00:00Z' }),
    ],
    [
      'a session without end',
      'rules[sign-in].maxValidity',
      text(signIn().message.split('\nExpiration')[0] as string),
      signIn(),
    ],
    [
      'a sign-in on another chain',
      'rules[sign-in].chains',
      signIn({ chain: '10' }),
      signIn(),
    ],
    [
      'a sign-in that goes on',
      'rules[sign-in].message.domains',
      text(`${signIn().message}\n`),
      signIn(),
    ],
    ...['\r', '\u0000', '\u001b', '\u0085', '\u2028', '\u2029'].map(
      (sign): Attack => [
        `a statement with U+${sign.charCodeAt(0).toString(16)}`,
        'rules[sign-in].message.domains',
        stating(`I agree${sign}to all`),
        stating('I agree to all'),
      ],
    ),
    [
      'a text with white space',
      'rules[greet].message.texts',
      text('Welcome to the example '),
      greeting,
    ],
    [
      'a text that looks the same',
      'rules[greet].message.texts',
      text('Cafe\u0301'),
      text('Caf\u00e9'),
    ],
  ],
}

const { message } = signIn()
/** What viem's verifier takes for a sign-in, though EIP-4361 does not. */
const odd = [
  ['with a line at its end', `${message}\n`],
  ['with words at its end', `${message} and on`],
  ['with lines between', message.replace('\n\n\n', '\n\none\ntwo\n\n')],
  ['with a control character', `${message}\u0000`],
  ['without a valid time', message.replace('T10:00', ' 10:00')],
] as const

/** Where any text may be signed. */
export const texts: Attacks = {
  policy: {
    ...world,
    rules: [{ id: 'text', message: { kinds: ['text'] } }],
  },
  attacks: [
    [
      'a hash as a message',
      'rules[text].message.kinds',
      raw(`0x${hash}`),
      greeting,
    ],
    [
      'a hash as a text',
      'rules[text].message.kinds',
      text(`0x${hash}`),
      greeting,
    ],
    [
      'a hash without 0x',
      'rules[text].message.kinds',
      text(hash.toUpperCase()),
      greeting,
    ],
    [
      'a hash among white space',
      'rules[text].message.kinds',
      text(`\u00a0\n0x${hash} `),
      greeting,
    ],
    [
      'typed data as bytes',
      'rules[text].message.kinds',
      raw(`0x1901${hash}${hash}`),
      greeting,
    ],
    [
      'a transaction as bytes',
      'rules[text].message.kinds',
      raw('0xc401020304'),
      greeting,
    ],
    [
      'a typed transaction as bytes',
      'rules[text].message.kinds',
      raw('0x02c401020304'),
      greeting,
    ],
    [
      'bytes that are no text',
      'rules[text].message.kinds',
      raw('0xff00'),
      greeting,
    ],
    ...['\u0000', '\u0008', '\u001b[2K', '\u007f', '\u0085'].map(
      (signs): Attack => [
        `a text with ${JSON.stringify(signs)}`,
        'rules[text].message.kinds',
        text(`I agree${signs} to all`),
        text('I\tagree\r\nto all'),
      ],
    ),
    ['a sign-in', 'rules[text].message.kinds', signIn(), greeting],
    ...odd.map(
      ([name, message]): Attack => [
        `a sign-in ${name}`,
        'rules[text].message.kinds',
        text(message),
        greeting,
      ],
    ),
  ],
}
