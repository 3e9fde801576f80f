import { toColumns } from '@keyward/toolkit'
import type { ImportAnswer } from '@keyward/toolkit/import'
import type { Result } from '../../output/Result.js'

/**
 * The result of an import. A key file that could not be deleted is a failure.
 */
export function importResult(data: ImportAnswer): Result {
  const { address, keyArn, receipt, shredded } = data
  return {
    data,
    text: toColumns([
      ['address', address],
      ['key', keyArn ?? undefined],
      ['expires', receipt?.validTo ?? undefined],
      ['receipt', receipt?.path],
    ]),
    exitCode: shredded === false ? 1 : 0,
  }
}
