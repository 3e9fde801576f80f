import type { Io } from '../Io.js'
import { findImportKey } from './findImportKey.js'
import { importInto } from './importInto.js'
import {
  type ImportAnswer,
  type ImportOptions,
  shredSource,
} from './importKey.js'
import { withPrivateKey } from './withPrivateKey.js'

/**
 * Imports the same private key again, after its material was deleted or
 * expired, or to change its expiry.
 *
 * @throws the same errors as importKey
 */
export function reimportKey(
  io: Io,
  options: ImportOptions & { keyId: string },
): Promise<ImportAnswer> {
  const { keyId } = options
  return withPrivateKey(io, options, keyId, async (opened) => {
    const { ceremony, source } = opened
    const place = { key: await findImportKey(ceremony, keyId, source.address) }
    const imported = await importInto(io, ceremony, source, place, options)
    return shredSource(ceremony, source, imported, options)
  })
}
