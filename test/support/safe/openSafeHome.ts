import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hex, SigningKey } from '../../../packages/core/src/index.js'
import { createKmsClient } from '../../../packages/core/src/kms/index.js'
import { createLocalHome } from '../../../packages/local/src/index.js'
import { createKmsKey } from '../createKmsKey.js'
import { callDynamo, ledgerTable } from '../ledgerTable.js'
import { runCli } from '../runCli.js'
import { openSafeChain } from './openSafeChain.js'

export type SafeHome = Awaited<ReturnType<typeof openSafeHome>>

/**
 * A home with the keys of three owners and of a relayer that has ether and a
 * ledger, beside a chain with Safe's contracts.
 */
export async function openSafeHome() {
  const folder = await mkdtemp(join(tmpdir(), 'keyward safe '))
  const [chain, home] = await Promise.all([
    openSafeChain(),
    createLocalHome({ dataDir: join(folder, 'home'), port: 0, chain: false }),
  ])
  const { endpoint, region } = home
  const credentials = home.credentials('root')
  const aws = { endpoint, region, credentials }
  const service = createKmsClient(aws)
  const createKey = async () => {
    const keyId = await createKmsKey(aws)
    const key = await SigningKey.connect({ service, keyId })
    return { keyId, key, address: key.address.toLowerCase() as Hex }
  }
  type Key = Awaited<ReturnType<typeof createKey>>
  const keys = [await createKey(), await createKey(), await createKey()]
  const relayer = await createKey()
  await chain.fund(relayer.address, 100n * 10n ** 18n)
  const tableName = 'relayer'
  await callDynamo(aws, 'CreateTable', ledgerTable(tableName))
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ETH_RPC_URL: chain.url,
  }
  const at = (name: string) => join(folder, name)
  return {
    home,
    chain,
    folder,
    env,
    owners: keys as [Key, Key, Key],
    relayer,
    /** Flags with which the relayer sends. */
    sending: ['--ledger', tableName, '--key', relayer.keyId],
    /** Of a file in the home's folder. */
    at,
    read: async (name: string) => JSON.parse(await readFile(at(name), 'utf8')),
    write: (name: string, json: unknown) =>
      writeFile(at(name), JSON.stringify(json)),
    /** `keyward safe …` in that folder. */
    safe: (...args: string[]) =>
      runCli(['safe', ...args], { env, cwd: folder }),
    signs: () => home.stats().operations['kms:Sign'] ?? 0,
    async close() {
      await chain.close()
      await home.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
