import fc from 'fast-check'
import * as Keystore from 'ox/Keystore'
import { describe, expect, test } from 'vitest'
import { anyPassword, anyScalar } from '../../../../test/support/anyKey.js'
import { readBytes } from '../../../../test/support/readBytes.js'
import { soak } from '../../../../test/support/tools.js'
import { fromScalar } from '../PrivateKey.js'
import { encryptKeystore } from './encryptKeystore.js'

// ox uses noble's scrypt, PBKDF2 and AES; ours are OpenSSL's.

describe("keystores, compared with ox's", () => {
  // The minimum that ox accepts, and slightly more.
  const kdf = fc.oneof(
    fc.record({
      n: fc.constantFrom(1024, 2048, 4096),
      r: fc.integer({ min: 1, max: 8 }),
      p: fc.integer({ min: 1, max: 2 }),
    }),
    fc.record({ iterations: fc.integer({ min: 1000, max: 3000 }) }),
  )

  test('a keystore from ox is read, but only with its password', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyScalar,
        anyPassword,
        kdf,
        async (hex, password, cost) => {
          const [key, options] =
            'n' in cost
              ? Keystore.scrypt({ password, ...cost })
              : Keystore.pbkdf2({ password, ...cost })
          const keystore = Keystore.encrypt(`0x${hex}`, key, options)
          const content = Buffer.from(JSON.stringify(keystore))
          const read = await readBytes(content, { password })
          expect(read).toMatchObject({ hex, proven: false })
          await expect(
            readBytes(content, { password: `${password}x` }),
          ).rejects.toMatchObject({ code: 'wrong-password' })
        },
      ),
      { numRuns: soak ? 200 : 12 },
    )
  })

  // It has geth's full cost, which takes ox seconds. Each run has ethers read
  // one, in writeKeyFile.test.ts.
  test.runIf(soak)('a keystore written here is read by ox', async () => {
    await fc.assert(
      fc.asyncProperty(anyScalar, anyPassword, async (hex, password) => {
        const scalar = fromScalar(Buffer.from(hex, 'hex'))
        const written = await encryptKeystore(scalar, Buffer.from(password))
        const keystore = JSON.parse(written.toString())
        const key = Keystore.toKey(keystore, { password })
        expect(Keystore.decrypt(keystore, key)).toBe(`0x${hex}`)
      }),
      { numRuns: 1 },
    )
  })
})
