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
      'The password holds a control character.',
    ],
    [
      'no UTF-8',
      Buffer.from('ff', 'hex'),
      'The password is not text in UTF-8.',
    ],
    [
      'a ligature',
      'ﬁrst class ticket',
      'The password holds a letter that wallets write in different ways.',
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

  test('a whole book: refused', async () => {
    const refused = files.withPassword('x'.repeat(5000), (fd) =>
      readNewPassword(testTerminal(), fd),
    )
    await expect(refused).rejects.toThrow('is over 1024 bytes.')
  })
})
