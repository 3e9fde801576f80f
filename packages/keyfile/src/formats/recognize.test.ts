import { afterAll, describe, expect, test } from 'vitest'
import {
  createKeyFiles,
  type Reading,
} from '../../../../test/support/keyFiles.js'
import {
  d,
  hex,
  point,
  readRefusal,
} from '../../../../test/support/readRefusal.js'

const files = createKeyFiles()
afterAll(() => files.dispose())
const refusal = (reading: Reading) => readRefusal(files, reading)

describe('hex and recovery phrases', () => {
  const junk = `${'test '.repeat(11)}junk`
  test.each([
    [
      '63 digits',
      hex.slice(1),
      'A private key has 64 hex digits, but this one has 63.',
    ],
    [
      '62 digits',
      `0x${hex.slice(2)}`,
      'A private key has 64 hex digits, but this one has 62.',
    ],
    [
      '66 digits',
      `00${hex}`,
      'A private key has 64 hex digits, but this one has 66.',
    ],
    [
      '0x twice',
      `0x0x${hex}`,
      'A private key has 64 hex digits, but this one has 66.',
    ],
    [
      'an x inside',
      hex.replace('5', 'x'),
      'A private key has 64 hex digits, but one of the 64 given characters is an x.',
    ],
    [
      'a letter beyond',
      hex.replace('5', 'g'),
      'The input is text, not a private key in a known format.',
    ],
    [
      'a public key',
      point.toString('hex'),
      'A private key has 64 hex digits, but this one has 130.',
    ],
    ['11 words', 'test '.repeat(11), 'The recovery phrase has 11 words.'],
    ['13 words', 'test '.repeat(13), 'The recovery phrase has 13 words.'],
    [
      'a bad checksum',
      'test '.repeat(12),
      'The recovery phrase has a wrong checksum.',
    ],
    [
      'two words exchanged',
      junk.replace('test junk', 'junk test'),
      'The recovery phrase has a wrong checksum.',
    ],
    [
      'a mistyped word',
      junk.replace('junk', 'jnuk'),
      "Word 12 of the recovery phrase is not in BIP-39's English list.",
    ],
    [
      'the start of a word',
      junk.replace('junk', 'jun'),
      "Word 12 of the recovery phrase is not in BIP-39's English list.",
    ],
    [
      'French',
      'abaisser abandon abdiquer abeille abolir aborder aboutir aboyer abrasif abreuver abriter abroger',
      "Word 1 of the recovery phrase is not in BIP-39's English list.",
    ],
    [
      'other prose',
      'good day my dear friend',
      "Word 3 of the recovery phrase is not in BIP-39's English list.",
    ],
    [
      'one word',
      'hello',
      'The input is text, not a private key in a known format.',
    ],
    [
      'blanks',
      ' \n ',
      'The input is only whitespace, not a private key in a known format.',
    ],
    [
      'zeros',
      Buffer.alloc(32),
      'The input is binary data, not a private key in a known format.',
    ],
    ['raw bytes', d, 'The input is text, not a private key in a known format.'],
    [
      'UTF-16',
      Buffer.from(`\ufeff${hex}`, 'utf16le'),
      'The key is UTF-16 text. Only ASCII is allowed.',
    ],
  ])('%s', async (_name, stdin, message) => {
    expect(await refusal({ stdin })).toBe(`invalid-key-file: ${message}`)
  })

  test.each([
    'm/2147483648',
    "m/44''",
    'm/',
    '44/60',
    'm/01',
    'm/-1',
    "M/44'",
    '',
    'm//1',
    `m${'/1'.repeat(17)}`,
    junk,
  ])('the path %j', async (derivationPath) => {
    expect(await refusal({ stdin: junk, derivationPath })).toBe(
      'invalid-input: The derivation path is not valid.',
    )
  })

  test('are not read from a file', async () => {
    expect(await refusal({ content: hex })).toMatch(
      /^invalid-input: ".+" seems to contain a private key in hex, which must come from standard input\.$/,
    )
    expect(await refusal({ content: junk })).toMatch(
      /^invalid-input: ".+" seems to contain a recovery phrase, which must come from standard input\.$/,
    )
  })

  test('options that belong to other formats', async () => {
    expect(await refusal({ stdin: hex, derivationPath: 'm/0' })).toBe(
      'invalid-input: A derivation path or passphrase can be used only with a recovery phrase, but the format of the key is hex.',
    )
    expect(await refusal({ stdin: hex, format: 'keystore' })).toBe(
      'invalid-input: The format of the key is hex, not keystore.',
    )
    expect(await refusal({ stdin: hex, passwordFd: 0 })).toBe(
      "invalid-input: The key and the password can't both come from standard " +
        'input.',
    )
  })
})
