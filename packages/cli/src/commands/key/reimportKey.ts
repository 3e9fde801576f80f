import { findImportKey, importInto } from '@keyward/toolkit/import'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { type ImportAnswer, type ImportOptions, toResult } from './importKey.js'
import { withPrivateKey } from './withPrivateKey.js'

/**
 * Imports the same private key again: after its material was deleted or
 * expired, or to give it another expiry.
 *
 * @throws as importKey does
 */
export function reimportKey(
  terminal: Terminal,
  options: ImportOptions & { keyId: string },
): Promise<Result<ImportAnswer>> {
  const { keyId } = options
  return withPrivateKey(terminal, options, keyId, async (opened) => {
    const { ceremony, source } = opened
    const place = { key: await findImportKey(ceremony, keyId, source.address) }
    const imported = await importInto(
      terminal,
      ceremony,
      source,
      place,
      options,
    )
    return toResult(ceremony, source, imported, options)
  })
}
