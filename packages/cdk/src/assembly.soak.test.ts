import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { findTool } from '../../../scripts/setup/tools.mjs'
import { assembly, ensureSynthesized } from '../../../scripts/synth.mjs'
import {
  runCdkApp,
  synthesizeEverything,
} from '../../../test/support/runCdkApp.js'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'keyward-cdk-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the CDK reports a wrong setting', async () => {
  const failing = runCdkApp(
    folder,
    'synth',
    '-o',
    folder,
    '-c',
    'network=rinkeby',
  )
  await expect(failing).rejects.toMatchObject({
    stderr: expect.stringContaining(
      'network: "rinkeby" is not a known network.',
    ),
  })
})

test('cfn-lint finds nothing but W3005', async () => {
  const cfnLint = findTool('cfn-lint')
  if (cfnLint === undefined) {
    process.stderr.write(
      '\n*** cfn-lint is not installed: this run says nothing about what it would find. pip install cfn-lint ***\n\n',
    )
    return
  }
  await ensureSynthesized()
  await synthesizeEverything(folder)
  const templates = [
    join(assembly, 'keyward-dev.template.json'),
    join(folder, 'treasury.template.json'),
  ]
  // W3005: a DependsOn that a GetAtt already implies, which CDK writes.
  const { stdout } = await run(
    cfnLint,
    ['--ignore-checks', 'W3005', '--'].concat(templates),
  )
  expect(stdout).toBe('')
})
