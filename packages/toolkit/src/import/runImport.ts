import type { Io } from '../Io.js'
import type { Ceremony } from './Ceremony.js'
import { confirmAddress } from './confirmAddress.js'
import type { ImportKey } from './findImportKey.js'
import { importMaterial } from './importMaterial.js'
import type { Place } from './Place.js'
import * as Receipt from './Receipt.js'
import { signChallenge } from './signChallenge.js'
import { waitForEnabled } from './waitForEnabled.js'
import type { WrapFor, Wrapping } from './wrapKeyMaterial.js'

export type ImportOptions = {
  ceremony: Ceremony
  io: Io
  /** EIP-55. */
  address: string
  wrap: WrapFor
  place: Place
  wrapping: Wrapping
  validTo: Date | undefined
  /** Don't ask, because the address was typed or `--yes` was given. */
  isMeant: boolean
  /** Writes the backup; runs after confirmation and before anything is sent. */
  before?(): Promise<void>
  /** `--receipt`. */
  receipt: string | undefined
  /** Only shows what would be done. */
  dryRun: boolean
}

export type Imported = {
  keyArn: string | null
  address: string
  /** False in a dry run, or if the key already had the material. */
  imported: boolean
  receipt: (Receipt.Receipt & { path: string }) | null
}

/**
 * Runs the import from confirmation to receipt. It reports each step, and can
 * be repeated from the start after any failure.
 *
 * @throws ImportError, WrappingKeyError, InputError, ConfirmationError
 */
export async function runImport(options: ImportOptions): Promise<Imported> {
  const { ceremony, address, place, wrapping, validTo } = options
  const { say } = ceremony
  await Receipt.assertPlace(options.receipt, place.key?.arn, address)
  const where = place.key?.arn ?? 'the new key'
  const how = `${wrapping.algorithm} under ${wrapping.keySpec}`
  if (options.dryRun) {
    const made = place.key === undefined ? 'create a key and ' : ''
    say(
      `Would ${made}import the private key into ${where}, wrapped with ${how}. Nothing was sent.`,
    )
    const keyArn = place.key?.arn ?? null
    return { keyArn, address, imported: false, receipt: null }
  }
  const expiry =
    validTo === undefined ? '' : `, valid until ${validTo.toISOString()}`
  const made = place.key === undefined ? 'creates a key and ' : ''
  await options.io.confirm({
    target: ceremony.target,
    action: `${made}imports the private key of ${address}${expiry} into ${where}`,
    yes: options.isMeant,
  })
  await options.before?.()
  const key = place.key ?? (await place.create())
  await importMaterial(ceremony, key, options.wrap, {
    wrapping,
    validTo,
  })
  const importedAt = new Date()
  say(`Imported the private key, wrapped with ${how}.`)
  return finish(options, key, { importedAt, wrapping })
}

/**
 * Ends every import: checks what KMS has and writes the receipt. If the key
 * already had the material, nothing else is done.
 */
export async function finish(
  options: Pick<ImportOptions, 'ceremony' | 'address' | 'receipt'>,
  key: ImportKey,
  done: { importedAt: Date; wrapping: Wrapping } | undefined,
): Promise<Imported> {
  const { address } = options
  const { client, say } = options.ceremony
  const { validTo } = await waitForEnabled(client, key.arn)
  await confirmAddress(client, key.arn, address)
  const checkedAt = new Date()
  say(`KMS returns the public key of ${address}: the right key was imported.`)
  const challengeSigned = await signChallenge(client, key.arn, address)
  say(
    challengeSigned
      ? 'The key signed the challenge, and the signature belongs to the account.'
      : 'You are not allowed to sign with the key (kms:Sign). To prove that ' +
          'it signs, a user of the key can run:\n' +
          `  keyward key verify --key ${key.arn} --address ${address} --challenge\n` +
          "Only a stack's functions sign with the stack's key; there, compare " +
          'the function:\n' +
          `  keyward key verify --function <stack>-eip1559-signer --address ${address}`,
  )
  const receipt = Receipt.create({
    keyArn: key.arn,
    address,
    checkedAt: checkedAt.toISOString(),
    importedAt: done?.importedAt.toISOString() ?? null,
    wrapping: done?.wrapping ?? null,
    validTo: validTo?.toISOString() ?? null,
    challengeSigned,
  })
  const path = await Receipt.write(options.receipt, receipt)
  return {
    keyArn: key.arn,
    address,
    imported: done !== undefined,
    receipt: { ...receipt, path },
  }
}
