import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, run } from '../support/runCli.js'
import { startBareHome } from '../support/startBareHome.js'

const script = join(root, 'scripts', 'remote.mjs')

test('npm run remote is rehearsed on the local home', async () => {
  const home = await startBareHome()
  try {
    const env = await home.envOf('operator')
    const args = [script, '--network', 'local']
    const profile = ['--break-glass-profile', 'break-glass']
    const unasked = await run(process.execPath, [...args, ...profile], { env })
    expect(unasked.code).toBe(1)
    expect(unasked.stdout).toContain('a KMS key          1.00 a month')
    expect(unasked.stderr).toContain('To confirm, pass --yes')

    const ran = await run(process.execPath, [...args, ...profile, '--yes'], {
      env,
    })
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('Everything works.'),
    })
    for (const step of ['deploy', 'status', 'sign', 'destroy'])
      expect(ran.stdout).toContain(`\n== ${step}\n`)
  } finally {
    await home.close()
  }
})
