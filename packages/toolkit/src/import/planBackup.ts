import { lstat } from 'node:fs/promises'
import { BaseError, quote } from '@keyward/core/errors'
import {
  assertCreatable,
  type ReadPrivateKey,
  readNewPassword,
  readPrivateKey,
  wipe,
  writeKeyFile,
} from '@keyward/keyfile'
import type { Target } from '../aws/Target.js'
import { type Io, note } from '../Io.js'

export type BackupFlags = {
  /** A new file; false for `--no-backup`. */
  backup: string | false | undefined
  backupPasswordFd: number | undefined
  shred: boolean
}

/**
 * Settles, before anything is sent, what stays of a private key outside KMS,
 * which never gives it back. A file that a password protects is a backup
 * itself, as long as it isn't shredded.
 *
 * @returns Writes the backup, reads it back and compares; zeroes its password.
 * @throws BackupError, and what writing a key file throws
 */
export async function planBackup(
  io: Io,
  target: Target,
  source: ReadPrivateKey,
  flags: BackupFlags,
): Promise<{ make(): Promise<void>; dispose(): void }> {
  const { backup, backupPasswordFd } = flags
  const nothing = { make: async () => {}, dispose() {} }
  const say = (text: string) => note(io, text)
  if (backup === false) return nothing
  if (backup === undefined) {
    const stays = source.encrypted && !flags.shred
    if (stays)
      say('The file given is the backup: keep it, and its password elsewhere.')
    else if (target.kind === 'aws') throw BackupError.undecided(flags.shred)
    return nothing
  }
  if (await exists(backup)) {
    await assertHolds(io, backup, source, backupPasswordFd)
    say(`The backup ${quote(backup)} is there, and holds this key.`)
    return nothing
  }
  await assertCreatable(backup)
  say(`For the backup ${quote(backup)}:`)
  const secret = await readNewPassword(io, backupPasswordFd)
  for (const warning of secret.warnings) say(`Warning: ${warning}`)
  return {
    async make() {
      const warnings = await writeKeyFile(source, {
        path: backup,
        format: 'keystore',
        password: secret.password,
      })
      for (const warning of warnings) say(`Warning: ${warning}`)
      say(
        `Wrote the backup ${quote(backup)}, read it back, and it gives ${source.address}.`,
      )
    },
    dispose: () => wipe(secret.password),
  }
}

/** A run that was cut off has written it already. */
async function assertHolds(
  io: Io,
  path: string,
  source: ReadPrivateKey,
  passwordFd: number | undefined,
): Promise<void> {
  const there = await readPrivateKey(io, { in: path, passwordFd })
  try {
    if (!there.encrypted) throw BackupError.unprotected(path)
    if (!there.d.equals(source.d))
      throw BackupError.other(path, there.address, source.address)
  } finally {
    there.dispose()
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/** What stays of the private key outside KMS isn't settled. */
export class BackupError extends BaseError {
  override readonly name = 'BackupError'

  static undecided(shred: boolean): BackupError {
    return new BackupError(
      shred
        ? 'The only copy of the key that is known would be shredded.'
        : 'The key has no backup that a password protects.',
      "KMS never gives an imported key back, and AWS can't restore it. Make " +
        'an encrypted backup with --backup FILE, or say --no-backup if there ' +
        'is one already.',
    )
  }

  static unprotected(path: string): BackupError {
    return new BackupError(
      `${quote(path)} is there already, and no password protects it.`,
      'Nothing was sent. Give a new file for the backup.',
    )
  }

  static other(path: string, has: string, address: string): BackupError {
    return new BackupError(
      `${quote(path)} is there already, and holds another key.`,
      `It is that of ${has}, and the private key given that of ${address}. ` +
        'Nothing was sent. Give a new file for the backup.',
    )
  }

  constructor(shortMessage: string, details: string) {
    super('backup', shortMessage, { details })
  }
}
