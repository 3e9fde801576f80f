import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openTestKms, type TestKms } from './openTestKms.js'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A local KMS in a folder of its own, which goes when the file's tests end. */
export const createTestKms = (
  options?: Parameters<typeof openTestKms>[1],
): TestKms => {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-kms-test-'))
  folders.push(folder)
  return openTestKms(folder, options)
}
