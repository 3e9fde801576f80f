import { Wallet } from 'ethers'
import { afterAll, expect, test } from 'vitest'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'
import { openssl } from '../../../../test/support/openssl.js'
import { testTerminal } from '../../../../test/support/testTerminal.js'
import { publicKeyFromFile } from './publicKeyFromFile.js'

const files = createKeyFiles()
afterAll(() => files.dispose())

const { address, signingKey } = new Wallet(`0x${'5a'.repeat(32)}`)
const pem = openssl(
  ['ec', '-pubin', '-inform', 'DER'],
  Buffer.from(
    `3056301006072a8648ce3d020106052b8104000a034200${signingKey.publicKey.slice(2)}`,
    'hex',
  ),
)

test.each([
  ['hex', signingKey.publicKey],
  ['PEM', pem],
])('%s is the same from a file and from standard input', async (_, content) => {
  const path = files.write(content)
  for (const read of [
    await publicKeyFromFile(testTerminal(), path),
    await publicKeyFromFile(testTerminal(content), '-'),
  ]) {
    expect(read.address).toBe(address)
    expect(`0x${read.publicKey.toString('hex')}`).toBe(signingKey.publicKey)
  }
})
