import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  all,
  type CdkHome,
  functionId,
  keyId,
  openCdk,
  stackId,
} from '../support/openCdk.js'
import { runCli } from '../support/runCli.js'
import { soak } from '../support/tools.js'

// The CDK's command line as it is, deploying the very assembly that goes to AWS
// to `keyward local` as it is. The tests go on from each other, as people do.

let at: CdkHome
let created: string | undefined
let signer: unknown
beforeAll(async () => {
  at = await openCdk()
})
afterAll(() => at?.close())

test('deploys a stack whose key signs for the user of its policy', async () => {
  const ran = await at.deploy(
    at.assembly,
    '--outputs-file',
    join(at.folder, 'out.json'),
  )
  expect(ran.code, all(ran)).toBe(0)
  expect(all(ran)).toContain('✅  keyward-dev')
  created = stackId(ran)
  const outputs = JSON.parse(
    await readFile(join(at.folder, 'out.json'), 'utf8'),
  )
  const { env, code, stdout, stderr } = await at.sign()
  expect(outputs['keyward-dev']).toMatchObject({
    KeyId: env.AWS_KMS_KEY_ID,
    KeyAlias: 'alias/keyward-dev',
    Eip1559SignerName: 'keyward-dev-eip1559-signer',
  })
  expect(code, stderr).toBe(0)
  signer = JSON.parse(stdout).address
  expect(signer).toMatch(/^0x[0-9a-fA-F]{40}$/)
})

test.runIf(soak)('makes an update that keeps the key', async () => {
  const app = await at.changed('update', ({ Resources }) => {
    Object.assign(Resources[functionId]?.Properties ?? {}, { Timeout: 61 })
    Object.assign(Resources[keyId]?.Properties ?? {}, { Description: 'new' })
  })
  const ran = await at.deploy(app, '--progress', 'events')
  expect(ran.code, all(ran)).toBe(0)
  expect(all(ran)).toMatch(/UPDATE_COMPLETE_CLEA.*\n.*UPDATE_COMPLETE/)
  expect(stackId(ran)).toBe(created)
  const { env, stdout } = await at.sign()
  expect(JSON.parse(stdout).address).toBe(signer)
  expect(env.AWS_KMS_KEY_ID).toBeDefined()
})

// Seconds of the CDK's own start; `keyward destroy` does it in npm test.
test.runIf(soak)('destroys the stack and keeps its key and logs', async () => {
  const before = await at.sign()
  const ran = await at.cdk(
    'destroy',
    at.assembly,
    '--force',
    '--progress',
    'events',
  )
  expect(ran.code, all(ran)).toBe(0)
  expect(all(ran)).toContain('✅  keyward-dev: destroyed')
  expect(all(ran)).toMatch(/DELETE_SKIPPED\s+\|\s+AWS::KMS::Key/)
  expect(all(ran)).toMatch(/DELETE_SKIPPED\s+\|\s+AWS::Logs::LogGroup/)
  const key = String(before.env.AWS_KMS_KEY_ID)
  const kept = await runCli(['key', 'address', '--key', key], {
    env: before.env,
  })
  expect(kept.stdout).toContain(signer)
})
