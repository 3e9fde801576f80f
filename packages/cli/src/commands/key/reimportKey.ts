import { findImportKey, importInto } from '@keyward/toolkit/import'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { type ImportAnswer, type ImportFlags, toResult } from './importKey.js'
import { withPrivateKey } from './withPrivateKey.js'

/**
 * Imports the same private key again: after its material was deleted or
 * expired, or to give it another expiry.
 *
 * @throws as importKey does
 */
export function reimportKey(
  terminal: Terminal,
  flags: ImportFlags,
  keyId: string,
): Promise<Result<ImportAnswer>> {
  return withPrivateKey(
    terminal,
    flags,
    keyId,
    async ({ ceremony, source }) => {
      const key = await findImportKey(ceremony, keyId, source.address)
      const place = { key }
      const imported = await importInto(
        terminal,
        ceremony,
        source,
        place,
        flags,
      )
      return toResult(ceremony, source, imported, flags)
    },
  )
}
