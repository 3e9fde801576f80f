import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuthorizationRequest } from '../../packages/local/src/iam/Authorize.js'
import { createKms, type Kms } from '../../packages/local/src/kms/createKms.js'

export const accountId = '000000000000'
export const region = 'us-east-1'
export const operator = {
  arn: `arn:aws:iam::${accountId}:user/operator`,
  account: accountId,
}

export type Reply = { status: number; body: Record<string, unknown> }

/** A local KMS driven below HTTP, with a clock and policies of the test's. */
export type TestKms = {
  kms: Kms
  dataDir: string
  /** Milliseconds since the epoch; the test moves it. */
  clock: { now: number }
  faults: { kmsLatencyMs: number; kmsThrottle: number; kmsErrorRate: number }
  asked: AuthorizationRequest[]
  send(operation: string, input?: object | string): Promise<Reply>
  /** The body of an answer that must be a success. */
  ok(operation: string, input?: object): Promise<Record<string, unknown>>
  /** A new k256 key. */
  createKey(input?: object): Promise<{ keyId: string; arn: string }>
  /** The same folder opened again, as after a restart. */
  reopen(): TestKms
}

export const createTestKms = (
  options: {
    authorize?: (request: AuthorizationRequest) => void
    dataDir?: string
    clock?: { now: number }
  } = {},
): TestKms => {
  const dataDir = options.dataDir ?? temporaryFolder()
  const clock = options.clock ?? { now: Date.UTC(2026, 0, 2, 3, 4, 5, 678) }
  const faults = { kmsLatencyMs: 0, kmsThrottle: 0, kmsErrorRate: 0 }
  const asked: AuthorizationRequest[] = []
  const kms = createKms({
    dataDir,
    accountId,
    region,
    now: () => clock.now,
    faults: () => faults,
    authorize: (request) => {
      asked.push(request)
      options.authorize?.(request)
    },
  })
  const send = async (
    operation: string,
    input: object | string = {},
  ): Promise<Reply> => {
    const { status, body } = await kms.handle({
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: { 'x-amz-target': `TrentService.${operation}` },
      body: Buffer.from(
        typeof input === 'string' ? input : JSON.stringify(input),
      ),
      requestId: '00000000-0000-4000-8000-000000000000',
      principal: operator,
    })
    return { status, body: body ? JSON.parse(String(body)) : {} }
  }
  const ok: TestKms['ok'] = async (operation, input) => {
    const reply = await send(operation, input)
    if (reply.status !== 200)
      throw new Error(`${operation}: ${JSON.stringify(reply.body)}`)
    return reply.body
  }
  return {
    kms,
    dataDir,
    clock,
    faults,
    asked,
    send,
    ok,
    createKey: async (input = {}) => {
      const { KeyMetadata } = await ok('CreateKey', {
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
        ...input,
      })
      const metadata = KeyMetadata as { KeyId: string; Arn: string }
      return { keyId: metadata.KeyId, arn: metadata.Arn }
    },
    reopen: () => {
      kms.close()
      return createTestKms({ ...options, dataDir, clock })
    },
  }
}

const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-kms-test-'))
  folders.push(folder)
  return folder
}
