import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  embedded,
  namedCurve,
  pem,
  pkcs8,
  sec1,
} from '../../../../test/support/der.js'
import {
  createKeyFiles,
  type Reading,
} from '../../../../test/support/keyFiles.js'
import { openssl } from '../../../../test/support/openssl.js'
import {
  d,
  password,
  point,
  readRefusal,
} from '../../../../test/support/readRefusal.js'
import { root } from '../../../../test/support/runCli.js'

const files = createKeyFiles()
afterAll(() => files.dispose())
const refusal = (reading: Reading) => readRefusal(files, reading)

describe('incomplete PEM', () => {
  const text = pem('PRIVATE KEY', pkcs8(sec1(d, embedded(point))))
  const lines = text.split('\n')

  test.each([
    [
      'no last line',
      lines.slice(0, -2).join('\n'),
      'The PEM block "PRIVATE KEY" has no END line.',
    ],
    [
      'another last line',
      text.replace('END PRIVATE', 'END PUBLIC'),
      'The PEM block "PRIVATE KEY" has no END line.',
    ],
    [
      'a line short',
      [...lines.slice(0, 2), ...lines.slice(3)].join('\n'),
      'The PKCS#8 key is cut off or damaged: an element is longer than the ' +
        'remaining data.',
    ],
    [
      'a letter short',
      text.replace(/A\n/, '\n').replace(/(.)\n-----END/, '\n-----END'),
      'The PEM block "PRIVATE KEY" is not valid base64.',
    ],
    [
      'a strange letter',
      text.replace(/.\n-----END/, '*\n-----END'),
      'The PEM block "PRIVATE KEY" is not valid base64.',
    ],
    ['text after it', `${text}hello\n`, 'Text follows the PEM block.'],
    [
      'a second key',
      text + text,
      'The PEM file contains another block, "PRIVATE KEY", after the key.',
    ],
    [
      'parameters after it',
      `${text}${openssl(['ecparam', '-name', 'secp256k1'])}`,
      'The PEM file contains another block, "EC PARAMETERS", after the key.',
    ],
    [
      'no first line',
      lines.slice(1).join('\n'),
      'The input is text, not a private key in a known format.',
    ],
    [
      'a first line that is none',
      text.replace('BEGIN PRIVATE KEY', 'BEGIN PRIVATE KEY '),
      'The PEM file has no valid BEGIN line.',
    ],
    [
      'nothing in it',
      pem('PRIVATE KEY', Buffer.alloc(0)),
      'The PKCS#8 key is cut off or damaged: an element is longer than the ' +
        'remaining data.',
    ],
    [
      'headers where none belong',
      text.replace(
        'KEY-----\n',
        'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n',
      ),
      'The PEM block "PRIVATE KEY" has headers, which are allowed only ' +
        'in "EC PRIVATE KEY".',
    ],
    [
      'SEC1 under the name of PKCS#8',
      pem('PRIVATE KEY', sec1(d, namedCurve)),
      "The PKCS#8 key doesn't say what kind of key it is.",
    ],
    [
      'PKCS#8 under the name of SEC1',
      pem('EC PRIVATE KEY', pkcs8(sec1(d))),
      'The SEC1 key has an unknown version.',
    ],
    ['OpenSSH', pem('OPENSSH PRIVATE KEY', d), 'The file is an SSH key.'],
    [
      'an unknown cipher',
      pem('EC PRIVATE KEY', Buffer.alloc(16)).replace(
        'KEY-----\n',
        'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: RC4,00\n\n',
      ),
      'The PEM block is damaged, or its headers specify an unsupported encryption algorithm.',
    ],
    [
      'an IV of another length',
      pem('EC PRIVATE KEY', Buffer.alloc(16)).replace(
        'KEY-----\n',
        'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\n',
      ),
      'The PEM block is damaged, or its headers specify an unsupported encryption algorithm.',
    ],
  ])('%s', async (_name, content, message) => {
    expect(await refusal({ content, password })).toBe(
      `invalid-key-file: ${message}`,
    )
  })

  describe('lost line breaks', () => {
    const sec1Pem = openssl(['ecparam', '-name', 'secp256k1', '-genkey'])
    const encrypted = openssl(
      ['pkcs8', '-topk8', '-iter', '1', '-passout', `pass:${password}`],
      sec1Pem,
    )
    const wholes = [text, String(encrypted), String(sec1Pem)]
    const ways: [string, (whole: string) => string][] = [
      ['none left', (whole) => whole.replaceAll('\n', '')],
      ['blanks instead', (whole) => whole.replaceAll('\n', ' ')],
      ['\\n instead', (whole) => whole.replaceAll('\n', '\\n')],
      ['only the last', (whole) => whole.replaceAll('\n-----END', '-----END')],
      [
        'only the first of each block',
        (whole) => whole.replaceAll(/(BEGIN .+)\n/g, '$1'),
      ],
    ]
    test.each(ways)(
      "%s: reported, and repaired with the guide's command",
      async (_, lose) => {
        const guide = readFileSync(
          join(root, 'docs/guides/key-files.md'),
          'utf8',
        )
        const [, command = ''] = /use GNU sed:\n\n {4}(.+)\n/.exec(guide) ?? []
        for (const whole of wholes) {
          const path = files.write(lose(whole))
          expect(await refusal({ in: path, password })).toBe(
            'invalid-key-file: The PEM file has lost its line breaks.',
          )
          const script = command.replace('FILE', '"$1"').replace(' > NEW', '')
          const content = execFileSync('bash', ['-c', script, 'bash', path])
          const key = await files.read({ content, password })
          const expected = await files.read({ content: whole, password })
          expect(key.d).toEqual(expected.d)
        }
      },
    )
  })
})
