import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCdkApp } from '../../../test/support/runCdkApp.js'

const folder = mkdtempSync(join(tmpdir(), 'keyward-cdk-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the CDK says what is wrong with a setting', async () => {
  const failing = runCdkApp(
    folder,
    'synth',
    '-o',
    folder,
    '-c',
    'network=rinkeby',
  )
  await expect(failing).rejects.toMatchObject({
    stderr: expect.stringContaining('network: "rinkeby" is unknown.'),
  })
})
