import { afterAll, describe, expect, test } from 'vitest'
import { buildKeystore } from '../../../test/support/buildKeystore.js'
import { createKeyFiles } from '../../../test/support/keyFiles.js'
import { byEthers, newKey } from '../../../test/support/newKey.js'
import { openssl } from '../../../test/support/openssl.js'
import { readError } from '../../../test/support/readRefusal.js'

const files = createKeyFiles()
afterAll(() => files.dispose())

const { sec1, hex, address } = newKey()
const typed = 'correct horse'
const utf8 = Buffer.from(`\ufeff${typed}`)
const utf16 = Buffer.from(`\ufeff${typed}`, 'utf16le')

/** Each format with a password, with any bytes as the password. */
function encrypt(password: Buffer): Record<string, string | Buffer> {
  const passout = ['-passout', `file:${files.write(password)}`]
  return {
    keystore: JSON.stringify({
      ...buildKeystore(Buffer.from(hex, 'hex'), password),
      address,
    }),
    pkcs8: openssl(['pkcs8', '-topk8', '-iter', '1', ...passout], sec1),
    sec1: openssl(['ec', '-aes256', ...passout], sec1),
  }
}

const told = (encoding: string) =>
  expect.stringContaining(
    `The password begins with a ${encoding} byte order mark, which is part of the password`,
  )

describe('a byte order mark before the password of a file', () => {
  test('that belongs to the password: the file opens, with a warning', async () => {
    for (const [format, content] of Object.entries(encrypt(utf8))) {
      const key = await files.read({ content, password: utf8 })
      expect(key).toMatchObject({ format, address })
      expect(key.warnings).toContainEqual(told('UTF-8'))
      const error = await readError(files, { content, password: typed })
      expect(error).toMatchObject({
        code: 'wrong-password',
        message: expect.not.stringContaining('byte order mark'),
      })
    }
    // OpenSSL ends a password at its first zero byte.
    const { keystore } = encrypt(utf16)
    const key = await files.read({ content: keystore ?? '', password: utf16 })
    expect(key.address).toBe(address)
    expect(key.warnings).toContainEqual(told('UTF-16'))
  })

  test('that does not belong to the password: reported, with the way out', async () => {
    for (const content of Object.values(encrypt(Buffer.from(typed))))
      for (const [encoding, password, command] of [
        ['UTF-8', utf8, 'tail -c +4 PASSWORD_FILE > NEW'],
        ['UTF-16', utf16, 'iconv -f UTF-16 -t UTF-8 PASSWORD_FILE > NEW'],
      ] as const)
        expect(await readError(files, { content, password })).toMatchObject({
          code: 'wrong-password',
          details: `The password begins with a ${encoding} byte order mark, which an editor probably added. Remove the mark from the password file and try again. In a Unix shell: ${command}. In PowerShell: [IO.File]::WriteAllText("$PWD/NEW", (Get-Content -Raw PASSWORD_FILE)). If that doesn't help, the password is wrong, or the key file is damaged.`,
        })
  })

  test('gives no warning if there is none', async () => {
    const content = byEthers(`0x${hex}`, typed)
    const { warnings } = await files.read({ content, password: typed })
    expect(warnings).toEqual([])
  })

  test('of a passphrase, which leads to another account, is reported', async () => {
    const stdin = `${'test '.repeat(11)}junk`
    const marked = await files.read({ stdin, password: '\ufeffTREZOR' })
    expect(marked.warnings).toContainEqual(told('UTF-8'))
    const { address } = await files.read({ stdin, password: 'TREZOR' })
    expect(marked.address).not.toBe(address)
  })
})
