import { createPrivateKey } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Wallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'
import { quickenEthers } from '../../../../test/support/quickenEthers.js'
import { soak } from '../../../../test/support/tools.js'
import { encryptPkcs8 } from '../der/encryptPkcs8.js'
import { encryptKeystore } from '../keystore/encryptKeystore.js'
import { fromScalar, toPkcs8 } from '../PrivateKey.js'
import { writeKeyFile } from './writeKeyFile.js'

quickenEthers()
const files = createKeyFiles()
afterAll(() => files.dispose())
const password = 'correct horse battery'
/** geth's own cost takes seconds each time: generate.test.ts has it in each run. */
const cost = soak ? undefined : { n: 4096, r: 8, p: 1 }

describe('a written file', () => {
  const scalars = [...(soak ? ['00ab'.repeat(16)] : []), `${'00'.repeat(31)}01`]

  test.each(scalars)('of %s gives the same key in other tools', async (hex) => {
    const key = fromScalar(Buffer.from(hex, 'hex'))
    const { address } = new Wallet(`0x${hex}`)
    expect(key.address).toBe(address)
    const secret = Buffer.from('Schlüssel 🔑, or what?')
    const keystore = await encryptKeystore(key, secret, cost)
    const opened = Wallet.fromEncryptedJsonSync(
      keystore.toString(),
      secret.toString(),
    )
    expect(opened.privateKey).toBe(`0x${hex}`)
    const der = await encryptPkcs8(toPkcs8(key), secret)
    const asNode = createPrivateKey({
      key: der,
      format: 'der',
      type: 'pkcs8',
      passphrase: secret,
    })
    expect(asNode.export({ format: 'der', type: 'pkcs8' })).toEqual(
      toPkcs8(key),
    )
  })

  // A keystore takes seconds, for a reader that generate.test.ts waits for too.
  const formats = [...(soak ? ['keystore' as const] : []), 'pkcs8' as const]

  test.each(formats)(
    'no %s remains if reading it back fails',
    async (format) => {
      const key = fromScalar(Buffer.from('5a'.repeat(32), 'hex'))
      // Another key's account, as after a fault between the two steps.
      const wrong = {
        ...key,
        address: new Wallet(`0x${'11'.repeat(32)}`).address,
      }
      const path = join(files.folder, 'wrong.json')
      const secret = Buffer.from(password)
      await expect(
        writeKeyFile(wrong, { path, format, password: secret }),
      ).rejects.toMatchObject({
        code: 'key-file-not-written',
        shortMessage: expect.stringMatching(
          /could not be written and read back: .* The file was removed\.$/,
        ),
      })
      expect(existsSync(path)).toBe(false)
    },
  )
})
