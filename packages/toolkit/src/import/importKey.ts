import { quote } from '@keyward/core/errors'
import type { GivenRoles } from '@keyward/iam/review'
import { type ReadPrivateKey, ShredError, shred } from '@keyward/keyfile'
import { assertAliasFree } from '../aws/listNamed.js'
import { addressTag } from '../aws/tags.js'
import type { Io } from '../Io.js'
import type { Ceremony } from './Ceremony.js'
import { createImportKey } from './createImportKey.js'
import { findImportKey, type ImportKey } from './findImportKey.js'
import { findOwnKey } from './findOwnKey.js'
import { type ImportChoices, importInto, withBackup } from './importInto.js'
import { nameKey } from './nameKey.js'
import type { Place } from './Place.js'
import { prepareKey } from './prepareKey.js'
import { finish, type Imported } from './runImport.js'
import {
  type Opened,
  type PrivateKeyOptions,
  withPrivateKey,
} from './withPrivateKey.js'

/** An existing key, or one that will be created. */
export type ImportTarget =
  | { keyId: string }
  | { alias: string | undefined; given: GivenRoles }

/** The options of the import. */
export type ImportOptions = PrivateKeyOptions & ImportChoices

export type ImportAnswer = Imported & {
  /** Set with `--shred`: whether the key file was deleted. */
  shredded?: boolean
}

/**
 * Imports a private key into a KMS key, unless it is already there.
 *
 * @throws EndpointError, KeyNotImportableError, UnexpectedAddressError,
 * BackupError, ImportError, and any error from reading the private key
 */
export async function importKey(
  io: Io,
  options: ImportOptions,
  into: ImportTarget,
): Promise<ImportAnswer> {
  const keyId = 'keyId' in into ? into.keyId : undefined
  return withPrivateKey(io, options, keyId, async (opened) => {
    const { ceremony, source } = opened
    if ('given' in into) return importIntoOwn(io, options, into, opened)
    const key = await findImportKey(ceremony, into.keyId, source.address)
    const imported = await importOnce(io, ceremony, source, { key }, options)
    return shredSource(ceremony, source, imported, options)
  })
}

/** Imports into a key that an earlier run created, or into a new one. */
async function importIntoOwn(
  io: Io,
  options: ImportOptions,
  into: Extract<ImportTarget, { given: GivenRoles }>,
  { aws, ceremony, source }: Opened,
): Promise<ImportAnswer> {
  const { address } = source
  const { alias } = into
  const key = await findOwnKey(ceremony, address)
  const place = key === undefined ? { create: await prepare() } : { key }
  const imported = await importOnce(io, ceremony, source, place, options)
  if (alias !== undefined && imported.keyArn !== null && !options.dryRun)
    await nameKey(ceremony, imported.keyArn, alias)
  return shredSource(ceremony, source, imported, options)

  async function prepare(): Promise<() => Promise<ImportKey>> {
    if (alias !== undefined) await assertAliasFree(aws.kms, alias)
    const importExpiration = options.validTo === undefined ? 'never' : 'any'
    const make = await prepareKey(aws, {
      given: { importExpiration, ...into.given },
      description: `Ethereum account ${address}, imported`,
      tags: { [addressTag]: address },
    })
    return () => createImportKey(ceremony, address, make)
  }
}

async function importOnce(
  io: Io,
  ceremony: Ceremony,
  source: ReadPrivateKey,
  place: Place,
  options: ImportOptions,
): Promise<Imported> {
  const { key } = place
  if (!key?.isImported) return importInto(io, ceremony, source, place, options)
  const { address } = source
  ceremony.say(
    `${key.arn} already has this private key, so nothing is imported.`,
  )
  if (options.validTo?.getTime() !== key.validTo?.getTime())
    ceremony.say(
      `${validity(key.validTo)} To change that, use keyward key reimport.`,
    )
  if (options.dryRun)
    return { keyArn: key.arn, address, imported: false, receipt: null }
  await withBackup(io, ceremony, source, options, (make) => make())
  const { receipt } = options
  return finish({ ceremony, address, receipt }, key, undefined)
}

/** The end of a successful import: deletes the key file, if requested. */
export async function shredSource(
  { say }: Ceremony,
  { file }: ReadPrivateKey,
  imported: Imported,
  options: ImportOptions,
): Promise<ImportAnswer> {
  const { address, receipt } = imported
  if (receipt !== null)
    say(
      `If ${address} has sent transactions before, deploy the sending stack ` +
        'with keyward deploy --new-ledger, or with --existing-ledger if an ' +
        'earlier stack sent them.',
    )
  if (file === undefined || !options.shred || options.dryRun) return imported
  try {
    await shred(file)
    say(
      `Overwrote and deleted ${quote(file.path)}, as far as this disk allows.`,
    )
    return { ...imported, shredded: true }
  } catch (error) {
    if (!(error instanceof ShredError)) throw error
    // The import is done. A failure to delete the file must not hide that.
    say(`Warning: ${error.message}`)
    return { ...imported, shredded: false }
  }
}

function validity(validTo: Date | undefined): string {
  return validTo === undefined
    ? 'The material does not expire.'
    : `The material is still valid until ${validTo.toISOString()}.`
}
