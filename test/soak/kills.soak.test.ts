import { generateKeyPairSync, randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  GetParametersForImportCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  type KMSClient,
} from '@aws-sdk/client-kms'
import { Message, SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import { verifyMessage } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connectKms } from '../support/connectKms.js'
import { startLocalHome } from '../support/localHome.js'
import { wrapKeyMaterial } from '../support/wrapKeyMaterial.js'

// One kill, and what is there after it: test/cli/local.test.ts.
const kills = 20
const total = 1000

let parent: string
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'keyward-kills-'))
})
afterAll(() => rm(parent, { recursive: true, force: true }))

/** What KMS has acknowledged, and so must know for ever. */
type Acknowledged = {
  keyId: string
  alias?: string
  spki?: Buffer
  imported?: boolean
}

async function connect(dataDir: string) {
  const home = await startLocalHome({ dataDir })
  const env = await home.env('operator')
  const client = connectKms(env, { maxAttempts: 1 })
  return { home, client }
}

async function create(
  client: KMSClient,
  index: number,
  done: Acknowledged[],
): Promise<void> {
  const imported = index % 5 === 0
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
      Origin: imported ? 'EXTERNAL' : 'AWS_KMS',
    }),
  )
  const KeyId = KeyMetadata?.KeyId ?? ''
  const key: Acknowledged = { keyId: KeyId }
  if (imported) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'secp256k1',
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
      publicKeyEncoding: { type: 'spki', format: 'der' },
    })
    const algorithm = 'RSAES_OAEP_SHA_256'
    const set = await client.send(
      new GetParametersForImportCommand({
        KeyId,
        WrappingAlgorithm: algorithm,
        WrappingKeySpec: 'RSA_2048',
      }),
    )
    await client.send(
      new ImportKeyMaterialCommand({
        KeyId,
        ImportToken: set.ImportToken,
        EncryptedKeyMaterial: wrapKeyMaterial(
          algorithm,
          Buffer.from(set.PublicKey ?? []),
          privateKey,
        ),
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      }),
    )
    key.spki = publicKey
  } else {
    const answer = await client.send(new GetPublicKeyCommand({ KeyId }))
    key.spki = Buffer.from(answer.PublicKey ?? [])
  }
  key.imported = imported
  done.push(key)
  const AliasName = `alias/k${index}`
  await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }))
  key.alias = AliasName
}

test(`kill -9 x ${kills} on the way through ${total} keys loses none`, async () => {
  const dataDir = join(parent, 'home')
  const done: Acknowledged[] = []
  const addresses = new Map<string, string>()
  let index = 0
  for (let round = 0; round <= kills; round++) {
    const { home, client } = await connect(dataDir)
    const last = round === kills
    for (const { keyId, alias } of done) {
      const key = home.ready.keys.find((key) => key.keyId === keyId)
      if (alias !== undefined) expect(key?.alias).toBe(alias)
      // The first time it is seen decides for all later lives.
      if (!addresses.has(keyId)) addresses.set(keyId, String(key?.address))
      expect(key?.address).toBe(addresses.get(keyId))
    }
    const target = Math.ceil((total * (round + 1)) / (kills + 1))
    // Killed somewhere in the middle of four creations at once.
    const killAt = done.length + randomInt(1, target - done.length + 1)
    let killed: Promise<void> | undefined
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        while (done.length < target && killed === undefined) {
          const failed = await create(client, index++, done).then(
            () => undefined,
            (error: Error) => error,
          )
          if (failed !== undefined && killed === undefined) throw failed
          if (!last && done.length >= killAt) killed ??= home.kill()
        }
      }),
    )
    await killed
    client.destroy()
    if (!last) {
      // anvil is not left behind, though nobody could tell it to stop.
      await vi.waitFor(() => assertGone(home.ready.rpcUrl ?? ''), 10_000)
      continue
    }
    for (const { keyId, alias, spki } of done) {
      const service = fromSdk(client)
      const key = await SigningKey.connect({ service, keyId: alias ?? keyId })
      expect(addresses.get(keyId) ?? key.address).toBe(key.address)
      addresses.set(keyId, key.address)
      if (spki)
        expect(Buffer.from(key.publicKey ?? [])).toEqual(spki.subarray(-65))
      const signature = await Message.sign(key, 'still there')
      expect(verifyMessage('still there', signature)).toBe(key.address)
    }
    await home.stop()
  }
  expect(addresses.size).toBe(done.length)
  expect(done.length).toBeGreaterThanOrEqual(total)
  process.stdout.write(
    `${kills} kills, ${done.length} acknowledged keys (${done.filter((key) => key.imported).length} imported), all there and signing\n`,
  )
}, 900_000)

async function assertGone(url: string): Promise<void> {
  const answered = await fetch(url, { method: 'POST' }).then(
    () => true,
    () => false,
  )
  if (answered) throw new Error(`Something answers at ${url} still.`)
}
