import type { ReadPrivateKey } from '@keyward/keyfile'
import { toPkcs8 } from '@keyward/keyfile'
import type { Io } from '../Io.js'
import type { Ceremony } from './Ceremony.js'
import type { Place } from './Place.js'
import { type BackupFlags, planBackup } from './planBackup.js'
import { type Imported, runImport } from './runImport.js'
import { toWrapping, type WrappingFlags } from './toWrapping.js'
import { wrapWith } from './wrapKeyMaterial.js'

/** The choices made before an import begins. */
export type ImportChoices = WrappingFlags &
  BackupFlags & {
    expectAddress: string | undefined
    validTo: Date | undefined
    /** The receipt's file; by default, one in the working directory. */
    receipt: string | undefined
    dryRun: boolean
    yes: boolean
  }

/** Runs the import with these choices, starting with the backup. */
export function importInto(
  io: Io,
  ceremony: Ceremony,
  source: ReadPrivateKey,
  place: Place,
  flags: ImportChoices,
): Promise<Imported> {
  return withBackup(io, ceremony, source, flags, (before) =>
    runImport({
      ceremony,
      io,
      place,
      before,
      address: source.address,
      wrap: wrapWith(() => toPkcs8(source), toWrapping(flags)),
      wrapping: toWrapping(flags),
      validTo: flags.validTo,
      isMeant: isMeant(place, flags),
      receipt: flags.receipt,
      dryRun: flags.dryRun,
    }),
  )
}

// A typed address identifies the private key, but doesn't confirm that a KMS
// key may be created and paid for.
function isMeant(place: Place, flags: ImportChoices): boolean {
  if (flags.yes) return true
  return flags.expectAddress !== undefined && place.key !== undefined
}

/** Plans the backup, and erases its password afterwards. */
export async function withBackup<answer>(
  io: Io,
  { target }: Ceremony,
  source: ReadPrivateKey,
  flags: ImportChoices,
  run: (make: () => Promise<void>) => Promise<answer>,
): Promise<answer> {
  if (flags.dryRun) return run(async () => {})
  const backup = await planBackup(io, target, source, flags)
  try {
    return await run(backup.make)
  } finally {
    backup.dispose()
  }
}
