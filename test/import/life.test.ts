import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ImportHome,
  newTestKey,
  openImportHome,
} from '../support/importHome.js'

let at: ImportHome
beforeAll(async () => {
  at = await openImportHome()
})
afterAll(() => at.close())

const json = async (...args: string[]) => {
  const ran = await at.here(['key', ...args, '--json'])
  expect(ran.code, ran.stderr).toBe(0)
  return JSON.parse(ran.stdout)
}

test('an imported key to its end, and back; each answer names the account', async () => {
  const { sec1, address } = newTestKey()
  const keyArn = await at.createKey({
    Tags: [{ TagKey: 'keyward:address', TagValue: address }],
  })
  const path = await at.keyFile(sec1)
  const into = ['--in', path, '--key', keyArn, '--wrapping-key', 'rsa-2048']
  const receipt = (name: string) => ['--receipt', join(at.folder, name)]
  await json('import', ...into, ...receipt('a.json'))

  const deleted = { keyArn, address, state: 'PendingImport' }
  expect(await json('delete-material', keyArn)).toEqual(deleted)
  expect(await json('delete-material', keyArn)).toEqual(deleted)
  await json('reimport', ...into, ...receipt('b.json'))

  const scheduled = await json('schedule-deletion', keyArn, '--days', '7')
  expect(scheduled).toEqual({
    keyArn,
    address,
    state: 'PendingDeletion',
    deletionDate: expect.any(String),
  })
  const days = (Date.parse(scheduled.deletionDate) - Date.now()) / 86_400_000
  expect(days).toBeCloseTo(7, 1)
  // A second one changes nothing, also with another waiting period.
  expect(await json('schedule-deletion', keyArn)).toEqual(scheduled)

  const saved = await at.here(['key', 'cancel-deletion', keyArn])
  expect(saved.stdout).toContain(
    `The deletion of ${keyArn} is canceled. The key's state is Disabled.`,
  )
  expect(saved.stdout).toContain(`kms enable-key --key-id ${keyArn}`)
  const again = await at.here(['key', 'cancel-deletion', keyArn])
  expect(again.code).toBe(1)
  expect(again.stderr).toContain('is not pending deletion')

  await json('schedule-deletion', keyArn, '--days', '7')
  // It says that the key can't come back by an import alone.
  const erased = await at.here(['key', 'delete-material', keyArn])
  expect(erased.stderr).toContain("is scheduled for deletion and can't sign")
  expect(erased.stdout).toContain(
    `To restore it:\n  keyward key cancel-deletion ${keyArn}\n  keyward key reimport --key ${keyArn}`,
  )
})

test('what does not apply is refused', async () => {
  const made = await at.createKey({ Origin: 'AWS_KMS' })
  const ran = await at.here(['key', 'delete-material', made])
  expect(ran.code).toBe(1)
  expect(ran.stderr).toContain(
    'has no imported material: its origin is AWS_KMS',
  )
  for (const days of ['6', '31', '7.5', 'x']) {
    const args = ['key', 'schedule-deletion', made, '--days', days]
    expect(await at.cli(args)).toMatchObject({ code: 2, stdout: '' })
  }
})
