import { randomBytes, randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  DescribeKeyCommand,
  GetParametersForImportCommand,
  type GetParametersForImportCommandOutput,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  type KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import type { BaseError } from '@keyward/core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { fromScalar, toPkcs8 } from '../../packages/keyfile/src/PrivateKey.js'
import { findImportKey } from '../../packages/toolkit/src/import/findImportKey.js'
import { runImport } from '../../packages/toolkit/src/import/runImport.js'
import { waitForEnabled } from '../../packages/toolkit/src/import/waitForEnabled.js'
import { wrapWith } from '../../packages/toolkit/src/import/wrapKeyMaterial.js'
import { type ImportHome, openImportHome } from '../support/importHome.js'
import { testTerminal } from '../support/testTerminal.js'

// A KMS, or something on the way to it, that answers otherwise than the steps
// before let one expect.

let at: ImportHome
beforeAll(async () => {
  at = await openImportHome()
})
afterAll(() => at.close())
afterEach(() => at.home.setFaults({ clockSkewS: 0 }))

type Set = GetParametersForImportCommandOutput
type Send = (command: unknown) => Promise<unknown>

/** The real client, with a hand between it and whoever sends. */
function meddle(
  hand: (command: unknown, send: Send) => Promise<unknown>,
): KMSClient {
  // As the command line's: a second attempt learns the home's clock.
  const client = at.client('operator', 3)
  const send = client.send.bind(client) as Send
  client.send = ((command: unknown) => hand(command, send)) as never
  return client
}

const importSet = (KeyId: string): Promise<Set> =>
  at.operator.send(
    new GetParametersForImportCommand({
      KeyId,
      WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    }),
  )

/** Imports a new key, with the answer to GetParametersForImport changed. */
async function importWith(
  change: (set: Set, arn: string) => Promise<Partial<Set>> | Partial<Set>,
  arn: string,
) {
  const client = meddle(async (command, send) => {
    const answer = await send(command)
    return command instanceof GetParametersForImportCommand
      ? { ...(answer as Set), ...(await change(answer as Set, arn)) }
      : answer
  })
  return run(client, arn)
}

async function run(client: KMSClient, arn: string) {
  const bytes = randomBytes(32).fill(1, 0, 1)
  const key = fromScalar(bytes)
  // In the clear only once a wrapping key is there.
  let pkcs8: Buffer = Buffer.alloc(0)
  const target = { kind: 'local', endpoint: at.home.endpoint } as const
  const ceremony = { client, target, say() {} }
  const wrapping = {
    algorithm: 'RSA_AES_KEY_WRAP_SHA_256',
    keySpec: 'RSA_2048',
  } as const
  try {
    const found = await findImportKey(ceremony, arn, key.address)
    await runImport({
      ceremony,
      io: testTerminal(),
      address: key.address,
      place: { key: found },
      wrap: wrapWith(() => {
        pkcs8 = toPkcs8(key)
        return pkcs8
      }, wrapping),
      wrapping,
      validTo: undefined,
      isMeant: true,
      receipt: join(at.folder, 'never.json'),
      dryRun: false,
    })
    return 'done'
  } catch (error) {
    return (error as BaseError).message
  } finally {
    client.destroy()
    // However it ended, the key material is gone.
    expect(pkcs8.every((byte) => byte === 0)).toBe(true)
  }
}

const refused = (name: string, meaning: string, arn: string) =>
  `KMS did not import the key material: it returned ${name}.\n${meaning}\nThe key ${arn} is now PendingImport.\nRun the same command again. The command continues where it stopped and doesn't create a second key.\nSee docs/errors/import-failed.md`

describe('tokens and wrapping keys', () => {
  test('a token of another key', async () => {
    const arn = await at.createKey()
    const other = await importSet(await at.createKey())
    const { ImportToken, PublicKey } = other
    const said = await importWith(() => ({ ImportToken, PublicKey }), arn)
    expect(said.replace(/\nUnknownError/, '')).toBe(
      refused(
        'InvalidImportTokenException',
        'The import token belongs to another key, or was damaged in transit. Each run fetches a new token.',
        arn,
      ),
    )
  })

  test('a token that is over 24 hours old', async () => {
    const arn = await at.createKey()
    const { ImportToken, PublicKey } = await importSet(arn)
    at.home.setFaults({ clockSkewS: 25 * 60 * 60 })
    const said = await importWith(() => ({ ImportToken, PublicKey }), arn)
    expect(said).toContain('it returned ExpiredImportTokenException.')
    expect(said).toContain('The import token is over 24 hours old')
    expect(said).toContain(`The key ${arn} is now PendingImport.`)
  })

  test('a wrapping key of another set', async () => {
    const arn = await at.createKey()
    const { PublicKey } = await importSet(arn)
    const said = await importWith(() => ({ PublicKey }), arn)
    expect(said).toContain('it returned InvalidCiphertextException.')
    expect(said).toContain(
      "The wrapping key and the token don't belong together",
    )
  })

  test('an answer for another key is not used', async () => {
    const arn = await at.createKey()
    const other = await at.createKey()
    const said = await importWith(() => importSet(other), arn)
    expect(said).toContain('The import parameters are for a different key.')
    expect(said).toContain(
      `The response to GetParametersForImport is for the key ${other}, but the request was for ${arn}`,
    )
  })

  test('a wrapping key that is none', async () => {
    const arn = await at.createKey()
    const PublicKey = new Uint8Array(randomBytes(294))
    const said = await importWith(() => ({ PublicKey }), arn)
    expect(said).toContain('See docs/errors/wrapping-key.md')
  })
})

test('a key that somebody schedules for deletion meanwhile', async () => {
  const arn = await at.createKey()
  const said = await importWith(async () => {
    await at.operator.send(new ScheduleKeyDeletionCommand({ KeyId: arn }))
    return {}
  }, arn)
  expect(said).toContain('it returned KMSInvalidStateException.')
  expect(said).toContain(
    `The key ${arn} is now PendingDeletion.\nIf you want to keep the key, run keyward key cancel-deletion ${arn}, then run the same command again. The`,
  )
})

test.each([
  ['ThrottlingException', 'Wait a few seconds, then run the same command'],
  ['KMSInternalException', 'Run the same command again'],
  [
    'LimitExceededException',
    'Request a higher quota. Once you have it, run the same command',
  ],
  ['ExpiredTokenException', 'Sign in again or use another profile, then run'],
  ['InternalFailure', 'Fix the cause, then run the same command'],
  // The key was disabled, and is not any longer.
  ['KMSInvalidStateException', 'Run the same command again'],
])('%s: %s', async (name, advice) => {
  const arn = await at.createKey()
  const client = meddle((command, send) => {
    if (!(command instanceof ImportKeyMaterialCommand)) return send(command)
    const answer = { name, $metadata: { httpStatusCode: 400 } }
    throw Object.assign(new Error('No.'), answer)
  })
  const said = await run(client, arn)
  expect(said).toContain(`The key ${arn} is now PendingImport.\n${advice}`)
})

test('a key that there is not: no advice to try the same again', async () => {
  const said = await run(at.operator, randomUUID())
  expect(said).toContain('Check the key that you passed.')
  expect(said).not.toContain('the same command')
})

test('the answer to the import is lost: it is said, and run again it is done', async () => {
  const arn = await at.createKey()
  const client = meddle(async (command, send) => {
    const answer = await send(command)
    if (command instanceof ImportKeyMaterialCommand)
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
    return answer
  })
  const said = await run(client, arn)
  expect(said).toContain(
    "KMS did not import the key material.\nAWS can't be reached (ECONNRESET).",
  )
  expect(said).toContain(`The key ${arn} is now Enabled.`)
})

test('another public key after the import', async () => {
  const arn = await at.createKey()
  const { PublicKey } = await at.operator.send(
    new GetPublicKeyCommand({
      KeyId: await at.createKey({ Origin: 'AWS_KMS' }),
    }),
  )
  let imported = false
  const client = meddle(async (command, send) => {
    const answer = await send(command)
    if (command instanceof ImportKeyMaterialCommand) imported = true
    return imported && command instanceof GetPublicKeyCommand
      ? { ...(answer as object), PublicKey }
      : answer
  })
  const said = await run(client, arn)
  expect(said).toMatch(/^The key arn:\S+ is not the key of 0x\w{40}\.\n/)
  expect(said).toContain("Don't send anything to either")
})

test('a key that never becomes enabled', async () => {
  const arn = await at.createKey()
  await expect(waitForEnabled(at.operator, arn, 300)).rejects.toThrow(
    `The key ${arn} is PendingImport after the import.`,
  )
})

test('KMS takes a while to be of one mind', async () => {
  const arn = await at.createKey()
  let imported = false
  const late = new Map<unknown, number>()
  const client = meddle(async (command, send) => {
    const answer = await send(command)
    if (command instanceof ImportKeyMaterialCommand) imported = true
    const kind = (command as object).constructor
    const times = late.get(kind) ?? 0
    if (!imported || times === 3) return answer
    late.set(kind, times + 1)
    if (command instanceof DescribeKeyCommand)
      return { KeyMetadata: { Arn: arn, KeyState: 'PendingImport' } }
    if (command instanceof GetPublicKeyCommand)
      throw Object.assign(new Error(`${arn} is pending import.`), {
        name: 'KMSInvalidStateException',
        $metadata: { httpStatusCode: 400 },
      })
    return answer
  })
  expect(await run(client, arn)).toBe('done')
  expect(late.get(GetPublicKeyCommand)).toBe(3)
})

test('none of the failures left a receipt or a draft of one', async () => {
  const left = (await readdir(at.folder)).filter((name) => name !== 'home')
  expect(left).toEqual(['never.json'])
})
