import { checksumAddress, type Hex } from 'viem'
import { words } from './makeValue.js'
import type { Random } from './Random.js'
import { accounts, chains } from './world.js'

export const domains = ['app.example', 'evil.example:8080']
export const uris = ['https://app.example/login', 'https://evil.example']

type Message = string | { raw: string }

export function makeMessage(random: Random, seconds: number): Message {
  const { chance, int, hex, pick } = random
  switch (int(9)) {
    case 0:
    case 5: {
      const digits = hex(32)
      return pick<Message>([
        digits,
        ` 0x${digits}\n`,
        `0x${digits.toUpperCase()}`,
        `0X${digits}`,
        `\u00a0\u2003\uFEFF${digits}\t`,
        `${digits}\u200b`,
        `\u0085${digits}`,
        { raw: `0x${digits}` },
        { raw: `0x${digits}00` },
        digits,
        digits.slice(1),
        'exactly thirty-two bytes of text',
      ])
    }
    case 1:
      return {
        raw: `0x19${pick(['01', '01', '01', '01', '00'])}${hex(int(70))}`,
      }
    case 2:
    case 6:
      return { raw: `0x${list(random)}` }
    case 3:
      return { raw: `0x${pick(['ff', 'fe00', 'e282', '80'])}${hex(int(40))}` }
    case 4:
      return chance(0.4)
        ? { raw: `0x${Buffer.from(pick(words)).toString('hex')}` }
        : `${pick(words)}${chance(0.2) ? pick(['\u0000', '\u007f', '\u009f', '\u00a0', '\r', '\t', '\u2028']) : ''}`
    default:
      return signIn(random, seconds)
  }
}

/** RLP: lists in lists, sometimes too deep, too long or typed. */
function list(random: Random): string {
  const { chance, int, hex, pick } = random
  const encode = (payload: string, short: number) => {
    const length = payload.length / 2
    if (length < 56) return (short + length).toString(16) + payload
    const size = length.toString(16)
    const bytes = size.padStart(size.length + (size.length % 2), '0')
    return (short + 55 + bytes.length / 2).toString(16) + bytes + payload
  }
  let payload = random
    .times(5, () =>
      chance(0.3)
        ? pick(['00', '05', '7f', '80', '8105', 'b80161', 'c0', 'f801c0'])
        : encode(hex(2 + int(40)), 0x80),
    )
    .join('')
  for (let level = chance(0.2) ? 6 + int(4) : int(3); level > 0; level--)
    payload = encode(payload, 0xc0)
  const whole = encode(payload, 0xc0)
  return `${pick(['', '', '', '02', '7f', '80', '00'])}${whole}${pick(['', '', '', '', '', '', '', '00'])}`
}

function signIn(random: Random, seconds: number): Message {
  const { chance, pick, hex } = random
  const address = pick(accounts)
  const time = (at: number, ms = '.000') =>
    new Date(at * 1000).toISOString().replace('.000', ms)
  const odd = () =>
    pick([
      '2026-11-30T12:00:00+02:00',
      '2026-11-30t12:00:00z',
      '2026-11-30 12:00:00Z',
      '2026-02-30T12:00:00Z',
      '2026-13-30T12:00:00Z',
      '2026-11-30T24:00:00Z',
      '2026-11-30T12:00:60Z',
      '2026-11-30T12:00:00',
      '2026-11-30T12:00:00.1234567Z',
      '2026-11-30T12:00:00-24:00',
      '2026-11-30',
      'soon',
    ])
  const lines = [
    `${chance(0.2) ? 'https://' : ''}${pick(domains)} wants you to sign in with your Ethereum account:`,
    chance(0.5) ? address : checksumAddress(address as Hex),
    '',
    ...pick([
      [''],
      ['I accept the terms.', ''],
      ['I accept: (1) all #terms?', ''],
      ['', ''],
      ['I “accept”', ''],
      ['one', 'two', ''],
      [`one${pick(['\r', '\u0000', '\u0085', '\u2028', '\t'])}two`, ''],
    ]),
    `URI: ${chance(0.9) ? pick(uris) : pick(['x', 'did:a:b', 'https://a b', 'a:', ''])}`,
    'Version: 1',
    `Chain ID: ${chance(0.9) ? pick([...chains, 5]) : pick(['01', '0', '', '-1', '1.0', '9'.repeat(90)])}`,
    `Nonce: ${pick(['abcd1234', 'abcd12345', hex(16)])}`,
    `Issued At: ${chance(0.93) ? time(seconds - 10) : odd()}`,
    ...(chance(0.9)
      ? [
          `Expiration Time: ${chance(0.93) ? time(seconds + pick([60, 60, 3599, 3600, 3601]), pick(['.000', '.001', ''])) : odd()}`,
        ]
      : []),
    ...(chance(0.2) ? [`Not Before: ${time(seconds - 5)}`] : []),
    ...(chance(0.2)
      ? [pick(['Request ID: 7', 'Request ID: ', 'Request ID: a b'])]
      : []),
    ...(chance(0.2)
      ? ['Resources:', ...pick([['- ipfs://bafy/1'], [], ['- no'], ['-']])]
      : []),
  ]
  const text = lines.join('\n')
  if (chance(0.9)) return text
  return pick<Message>([
    `${text}\n`,
    ` ${text}`,
    text.replace('Version: 1', 'Version: 2'),
    text.replace(/Nonce: .*/, 'Nonce: short'),
    text.replace(/\n0x../, '\n0xAa'),
    text.replace('Chain ID', 'Chain'),
    text.replaceAll('\n', '\r\n'),
    `\uFEFF${text}`,
    { raw: `0x${Buffer.from(text).toString('hex')}` },
  ])
}
