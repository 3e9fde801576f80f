import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Message, SigningKey } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import { computeAddress, verifyMessage } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromScalar, toPkcs8 } from '../../packages/keyfile/src/PrivateKey.js'
import { findImportKey } from '../../packages/toolkit/src/import/findImportKey.js'
import { runImport } from '../../packages/toolkit/src/import/runImport.js'
import {
  type Wrapping,
  wrapWith,
} from '../../packages/toolkit/src/import/wrapKeyMaterial.js'
import { order, toBytes } from '../support/curve.js'
import { type ImportHome, openImportHome } from '../support/importHome.js'
import { testTerminal } from '../support/testTerminal.js'
import { soak } from '../support/tools.js'

const total = soak ? 1000 : 4
const specs = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const

let at: ImportHome
beforeAll(async () => {
  at = await openImportHome()
})
afterAll(() => at.close())

/** Every tenth begins with zero bytes; the ends of the range come first. */
function scalar(index: number): Buffer {
  if (index === 0) return toBytes(1n)
  if (index === 1) return toBytes(order - 1n)
  const bytes = randomBytes(32)
  // Never at or above the order, which begins with 16 bytes of ones.
  bytes[0] = (bytes[0] ?? 0) & 0x7f
  if (index % 10 === 2) bytes.fill(0, 0, 1 + (Math.floor(index / 10) % 3))
  if (index === 3) bytes.fill(0, 0, 31).fill(7, 31)
  return bytes
}

test(`${total} random keys are imported, and each signs for its account`, {
  timeout: 20_000 * total,
}, async () => {
  const io = testTerminal()
  const target = { kind: 'local', endpoint: at.home.endpoint } as const
  const ceremony = { client: at.operator, target, say() {} }
  const wrong: string[] = []
  for (let index = 0; index < total; index += 1) {
    const d = scalar(index)
    const expected = computeAddress(`0x${d.toString('hex')}`)
    const key = fromScalar(d)
    let pkcs8 = Buffer.alloc(0)
    const kmsKey = await at.createKey()
    const wrapping: Wrapping = {
      algorithm:
        index % 2 === 0 ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256',
      // The larger ones take long to make, and are no different.
      keySpec: specs[index % 25 === 24 ? 1 + (index % 2) : 0] ?? 'RSA_2048',
    }
    const { receipt } = await runImport({
      ceremony,
      io,
      address: key.address,
      place: { key: await findImportKey(ceremony, kmsKey, key.address) },
      wrap: wrapWith(() => {
        pkcs8 = Buffer.from(toPkcs8(key))
        return pkcs8
      }, wrapping),
      wrapping,
      validTo: undefined,
      isMeant: true,
      receipt: join(at.folder, `receipt ${index}.json`),
      dryRun: false,
    })
    key.dispose()
    const signing = await SigningKey.connect({
      service: fromSdk(at.operator),
      keyId: kmsKey,
    })
    const signature = await Message.sign(signing, `message ${index}`)
    const signer = verifyMessage(`message ${index}`, signature)
    if (
      ![key.address, signer, receipt?.address].every((a) => a === expected) ||
      !pkcs8.every((byte) => byte === 0) ||
      receipt?.challengeSigned !== true
    )
      wrong.push(`${index}: ${expected}`)
  }
  expect(wrong).toEqual([])
  const imports = at.home.stats().operations['kms:ImportKeyMaterial']
  expect(imports).toBe(total)
})
