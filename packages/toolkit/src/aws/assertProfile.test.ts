import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { assertProfile } from './assertProfile.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward profiles '))
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'))
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

const write = (count: number) =>
  writeFile(
    join(folder, 'config'),
    Array.from(
      { length: count },
      (_, i) => `[profile p${i}]\nregion = us-east-1\n`,
    ).join('\n'),
  )

test('a profile of either file is accepted', async () => {
  await write(1)
  await writeFile(
    join(folder, 'credentials'),
    '[other]\naws_access_key_id = a\n',
  )
  await assertProfile('p0', '--profile')
  await assertProfile('other', '--profile')
})

test('only what the SDK reads as a profile is one', async () => {
  const section = (name: string) => `[${name}]\nregion = us-east-1\n`
  await writeFile(
    join(folder, 'config'),
    [
      ...['default', "profile 'a'", 'orphan', 'sso-session corp'],
      ...['services local', 'other b', 'profile  c'],
    ]
      .map(section)
      .concat('[profile empty]\n# region = us-east-1\n')
      .join('\n'),
  )
  await writeFile(
    join(folder, 'credentials'),
    [section('plain'), section('profile weird')].join('\n'),
  )
  for (const name of ['default', 'a', 'plain'])
    await assertProfile(name, '--profile')
  for (const name of [
    ...['orphan', 'sso-session corp', 'corp', 'services local', 'local'],
    ...['other b', 'b', 'c', 'empty', 'weird', '__proto__'],
  ])
    await expect(assertProfile(name, '--profile')).rejects.toThrow(
      `--profile "${name}" is not an AWS profile.`,
    )
})

test('a refusal names the profiles, unless there are too many or none', async () => {
  await write(2)
  const refused = () => assertProfile('p', '--profile').catch(String)
  expect(await refused()).toContain('The profiles there are "p0", "p1".')
  await write(13)
  expect(await refused()).toContain('run aws configure list-profiles.')
  await write(0)
  expect(await refused()).toContain('run aws configure list-profiles.')
})
