import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-kms'
import { computeAddress } from 'ethers'
import { createLocalHome } from '../../packages/local/src/index.js'
import { type Ran, runCli } from './runCli.js'
import { runInProcess } from './runInProcess.js'

type Options = Partial<createLocalHome.Parameters>

/** A private key and what others say about it. */
export type TestKey = {
  hex: string
  /** By ethers. */
  address: string
  sec1: string
}

/** A new key of OpenSSL's, or the one with this scalar. */
export function newTestKey(): TestKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const { d = '' } = privateKey.export({ format: 'jwk' })
  const hex = Buffer.from(d, 'base64url').toString('hex')
  return {
    hex,
    address: computeAddress(`0x${hex}`),
    sec1: privateKey.export({ format: 'pem', type: 'sec1' }) as string,
  }
}

/**
 * A home in this process, so that its counters and policies are at hand, and
 * the command line before it as a process of its own.
 */
export async function openImportHome(options: Options = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'keyward import '))
  const open = () =>
    createLocalHome({
      dataDir: join(folder, 'home'),
      port: 0,
      chain: false,
      ...options,
    })
  const home = await open()
  const as = (name: string) => {
    const { accessKeyId, secretAccessKey } = home.credentials(name)
    return {
      AWS_ENDPOINT_URL: home.endpoint,
      AWS_REGION: home.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    }
  }
  const client = (name: string, maxAttempts = 1) =>
    new sdk.KMSClient({
      endpoint: home.endpoint,
      region: home.region,
      credentials: home.credentials(name),
      maxAttempts,
    })
  const operator = client('operator')
  let files = 0
  return {
    home,
    folder,
    as,
    client,
    operator,
    /** Runs in the test's own folder, where receipts go. */
    cli: (
      args: readonly string[],
      more: { as?: string; env?: Record<string, string>; input?: string } = {},
    ): Promise<Ran> =>
      runCli(args, {
        env: { ...as(more.as ?? 'operator'), ...more.env },
        input: more.input ?? '',
        cwd: folder,
      }),
    /** The same in this process, one at a time. */
    here: (
      args: readonly string[],
      more: { as?: string | undefined; input?: string } = {},
    ): Promise<Ran> =>
      runInProcess(args, as(more.as ?? 'operator'), {
        cwd: folder,
        ...(more.input !== undefined && { input: more.input }),
      }),
    async createKey(
      input: Partial<sdk.CreateKeyCommandInput> = {},
    ): Promise<string> {
      const { KeyMetadata } = await operator.send(
        new sdk.CreateKeyCommand({
          KeySpec: 'ECC_SECG_P256K1',
          KeyUsage: 'SIGN_VERIFY',
          Origin: 'EXTERNAL',
          ...input,
        }),
      )
      return KeyMetadata?.Arn ?? ''
    },
    async keyFile(text: string): Promise<string> {
      files += 1
      const path = join(folder, `key ${files}.pem`)
      await writeFile(path, text, { mode: 0o600 })
      return path
    },
    async close() {
      operator.destroy()
      await home.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type ImportHome = Awaited<ReturnType<typeof openImportHome>>
