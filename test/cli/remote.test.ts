import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, run } from '../support/runCli.js'

const script = join(root, 'scripts', 'remote.mjs')

test('npm run remote says what is missing, and does nothing', async () => {
  const ran = await run(process.execPath, [script, '--yes'], {
    env: { AWS_REGION: 'us-east-1' },
  })
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({
    code: 1,
    stdout: '',
  })
  expect(ran.stderr).toContain('No working AWS credentials')
})
