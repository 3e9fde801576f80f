import { execFileSync } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'
import { testTerminal } from '../../../../test/support/testTerminal.js'
import { readNewPassword } from './readNewPassword.js'

const files = createKeyFiles()
afterAll(() => files.dispose())

describe('a new password', () => {
  test.each<[string, string | Buffer, string]>([
    ['an empty line', '', 'The password is empty.'],
    [
      'a control character',
      'pass\tword',
      'The password contains a control character.',
    ],
    ['no UTF-8', Buffer.from('ff', 'hex'), 'The password is not UTF-8 text.'],
    [
      'a byte order mark',
      '\ufefffirst class ticket',
      'The password begins with a UTF-8 byte order mark.',
    ],
    [
      'UTF-16, as PowerShell writes it',
      Buffer.from('\ufefffirst class ticket\r', 'utf16le'),
      'The password begins with a UTF-16 byte order mark.',
    ],
    [
      'UTF-16, the high byte first',
      Buffer.from('\ufefffirst class ticket', 'utf16le').swap16(),
      'The password begins with a UTF-16 byte order mark.',
    ],
    [
      'a ligature',
      'ﬁrst class ticket',
      'The password contains a character that wallets encode differently.',
    ],
  ])('%s: refused', async (_name, line, shortMessage) => {
    const refused = files.withPassword(line, (fd) =>
      readNewPassword(testTerminal(), fd),
    )
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-password',
      shortMessage,
      message: expect.not.stringContaining('class ticket'),
    })
  })

  test('the commands in a refusal remove the mark', async () => {
    for (const [encoding, encode] of [
      ['UTF-8', (text: string) => Buffer.from(text)],
      ['UTF-16', (text: string) => Buffer.from(text, 'utf16le')],
    ] as const) {
      const marked = encode('\ufeffSchl\u00fcssel, at least\n')
      const error = await files
        .withPassword(marked, (fd) => readNewPassword(testTerminal(), fd))
        .catch((error: Error & { details: string }) => error)
      const [, command = ''] =
        /Unix shell: (.+)\. In PowerShell: /.exec(
          'details' in error ? error.details : '',
        ) ?? []
      const file = files.write(marked)
      const script = command.replace('PASSWORD_FILE > NEW', '"$1"')
      const clean = execFileSync('bash', ['-c', script, 'bash', file])
      expect(`${encoding}: ${clean}`).toBe(
        `${encoding}: Schl\u00fcssel, at least\n`,
      )
    }
  })

  test('a whole book: refused', async () => {
    const refused = files.withPassword('x'.repeat(5000), (fd) =>
      readNewPassword(testTerminal(), fd),
    )
    await expect(refused).rejects.toThrow('has more than 1024 bytes.')
  })
})
