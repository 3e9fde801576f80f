import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { createTestClient, http, parseEther, publicActions } from 'viem'
import { foundry } from 'viem/chains'
import { SigningKey } from '../../packages/core/src/index.js'
import { createKmsClient } from '../../packages/core/src/kms/index.js'
import { createLocalHome } from '../../packages/local/src/index.js'

/**
 * A local home with a chain, a key in its KMS with 100 ether, and the clients
 * that a test of the library needs.
 */
export async function startHome() {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyward doors '))
  const home = await createLocalHome({ dataDir, port: 0, chain: { port: 0 } })
  const { endpoint, region } = home
  const credentials = home.credentials('root')
  const sdk = new KMSClient({ endpoint, region, credentials })
  const created = await sdk.send(
    new CreateKeyCommand({
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
    }),
  )
  const keyId = created.KeyMetadata?.Arn ?? ''
  const service = createKmsClient({ endpoint, region, credentials })
  const key = await SigningKey.connect({ service, keyId })
  const rpcUrl = home.rpcUrl ?? ''
  const chain = createTestClient({
    chain: foundry,
    mode: 'anvil',
    transport: http(rpcUrl),
    pollingInterval: 20,
  }).extend(publicActions)
  await chain.setBalance({ address: key.address, value: parseEther('100') })
  return {
    home,
    sdk,
    service,
    keyId,
    key,
    rpcUrl,
    chain,
    /** How often KMS signed since the start. */
    signs: () => home.stats().operations['kms:Sign'] ?? 0,
    async close() {
      sdk.destroy()
      await home.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
