import { AwsCallError } from '../aws/AwsCallError.js'
import { connectKms } from '../aws/connectKms.js'
import { quote } from '../errors/maskSecrets.js'
import { InputError } from '../InputError.js'
import { assertExpected } from '../import/assertExpected.js'
import { assertKmsEndpoint } from '../import/assertKmsEndpoint.js'
import type { Ceremony } from '../import/Ceremony.js'
import { findImportKey, type ImportKey } from '../import/findImportKey.js'
import { planBackup } from '../import/planBackup.js'
import { finish, type Imported, runImport } from '../import/runImport.js'
import { toWrapping } from '../import/toWrapping.js'
import { toPkcs8 } from '../material/PrivateKey.js'
import {
  type ReadPrivateKey,
  readPrivateKey,
} from '../material/readPrivateKey.js'
import { ShredError, shred } from '../material/shred.js'
import { type Result, toColumns } from '../output.js'
import type { ImportFlags } from '../program/addImportCommands.js'
import { note, type Terminal } from '../Terminal.js'

export type ImportRequest = ImportFlags & { keyId: string }

export type ImportAnswer = Imported & {
  /** With `--shred`: whether the key file is gone. */
  shredded?: boolean
}

/**
 * Brings a private key into a KMS key, or finds that it is there already.
 *
 * @throws EndpointError, KeyNotImportableError, UnexpectedAddressError,
 *   ImportError, and what reading the private key throws
 */
export function importKey(
  terminal: Terminal,
  request: ImportRequest,
): Promise<Result<ImportAnswer>> {
  return withPrivateKey(terminal, request, async (ceremony, source) => {
    const { address } = source
    const key = await findImportKey(ceremony, request.keyId, address)
    if (!key.isImported)
      return importInto(terminal, ceremony, source, key, request)
    ceremony.say(`${key.arn} has this key already: nothing is imported.`)
    if (request.validTo?.getTime() !== key.validTo?.getTime())
      ceremony.say(
        `It is valid ${until(key.validTo)}, and that stays so: keyward key ` +
          'reimport changes it.',
      )
    const { receipt } = request
    if (request.dryRun === true)
      return { keyArn: key.arn, address, imported: false, receipt: null }
    await withBackup(terminal, ceremony, source, request, (make) => make())
    return finish({ ceremony, address, receipt }, key, undefined)
  })
}

/**
 * Imports the same private key again: after its material was deleted or
 * expired, or to give it another expiry.
 *
 * @throws as importKey does
 */
export function reimportKey(
  terminal: Terminal,
  request: ImportRequest,
): Promise<Result<ImportAnswer>> {
  return withPrivateKey(terminal, request, async (ceremony, source) => {
    const key = await findImportKey(ceremony, request.keyId, source.address)
    return importInto(terminal, ceremony, source, key, request)
  })
}

/**
 * Opens KMS, and refuses an endpoint that isn't its own before a password is
 * asked for; then reads the private key, which is zeroed in the end.
 */
async function withPrivateKey(
  terminal: Terminal,
  request: ImportRequest,
  run: (ceremony: Ceremony, source: ReadPrivateKey) => Promise<Imported>,
): Promise<Result<ImportAnswer>> {
  const say = (text: string) => note(terminal, text)
  const { client, target, close } = await connectKms(terminal, request.keyId)
  try {
    await assertKmsEndpoint(terminal, client, target, request.endpointHost)
    if (target.kind === 'local')
      say(
        'Warning: the local home keeps its keys on this disk, unprotected. ' +
          'Import a key here only if it is for trying out.',
      )
    const source = await readPrivateKey(terminal, request)
    try {
      for (const warning of source.warnings) say(`Warning: ${warning}`)
      say(
        `The private key given (${source.format}) is that of ${source.address}.`,
      )
      assertExpected(source.address, request.expectAddress)
      if (request.shred === true && source.file === undefined)
        throw new InputError('--shred goes with a file that --in names.', {
          details: 'What came by standard input or a pipe is in no file here.',
        })
      const imported = await run({ client, target, say }, source)
      const shredded =
        request.shred === true && request.dryRun !== true
          ? await shredSource(source, say)
          : undefined
      return {
        data: { ...imported, ...(shredded !== undefined && { shredded }) },
        text: importedText(imported),
        exitCode: shredded === false ? 1 : 0,
      }
    } finally {
      source.dispose()
    }
  } catch (error) {
    throw AwsCallError.from(error)
  } finally {
    close()
  }
}

function importInto(
  terminal: Terminal,
  ceremony: Ceremony,
  source: ReadPrivateKey,
  key: ImportKey,
  request: ImportRequest,
): Promise<Imported> {
  return withBackup(terminal, ceremony, source, request, (before) =>
    runImport({
      ceremony,
      terminal,
      key,
      before,
      address: source.address,
      toPkcs8: () => toPkcs8(source),
      wrapping: toWrapping(request),
      validTo: request.validTo,
      isMeant: request.yes === true || request.expectAddress !== undefined,
      receipt: request.receipt,
      dryRun: request.dryRun === true,
    }),
  )
}

async function withBackup<answer>(
  terminal: Terminal,
  { target }: Ceremony,
  source: ReadPrivateKey,
  request: ImportRequest,
  run: (make: () => Promise<void>) => Promise<answer>,
): Promise<answer> {
  if (request.dryRun === true) return run(async () => {})
  const backup = await planBackup(terminal, target, source, request)
  try {
    return await run(backup.make)
  } finally {
    backup.dispose()
  }
}

/** The import is done by now: that a file stays is told, and no failure of it. */
async function shredSource(
  { file }: ReadPrivateKey,
  say: (text: string) => void,
): Promise<boolean> {
  if (file === undefined) return false
  try {
    await shred(file)
    say(
      `Overwrote and removed ${quote(file.path)}, as far as this disk lets it.`,
    )
    return true
  } catch (error) {
    if (!(error instanceof ShredError)) throw error
    say(`Warning: ${error.message}`)
    return false
  }
}

function until(validTo: Date | undefined): string {
  return validTo === undefined
    ? 'without end'
    : `until ${validTo.toISOString()}`
}

function importedText({ keyArn, address, receipt }: Imported): string {
  return toColumns([
    ['address', address],
    ['key', keyArn ?? undefined],
    ['expires', receipt?.validTo ?? undefined],
    ['receipt', receipt?.path],
  ])
}
