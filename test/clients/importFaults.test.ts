import { afterAll, beforeAll, describe, test } from 'vitest'
import {
  type ImportFaults,
  openImportFaults,
} from '../support/openImportFaults.js'
import { without } from '../support/tools.js'

// The classic faults of an import by hand, made with Debian's aws and OpenSSL.
// Each must give what AWS gives, and the guide's table must lead from there to
// its cause. Here is one of them; importFaults.soak.test.ts has all.

describe.skipIf(without('aws') || without('openssl'))('faults by hand', () => {
  let at: ImportFaults
  beforeAll(async () => {
    at = await openImportFaults()
  })
  afterAll(() => at.close())

  test('of the digest that OpenSSL takes by itself', async () => {
    const printed = await at.failing(
      `parameters "$1"
       openssl pkeyutl -encrypt -in key.pkcs8 -out wrapped -pubin -keyform DER \\
         -inkey wrapping.der -pkeyopt rsa_padding_mode:oaep
       import "$1"`,
      await at.createKey(),
    )
    at.expectInTable(printed, /OAEP used SHA-1/)
  })
})
