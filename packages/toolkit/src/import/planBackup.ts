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
 * Decides, before anything is sent, which copy of the private key remains
 * outside KMS, because KMS never returns the key. A password-protected key file
 * is itself a backup, unless it will be shredded.
 *
 * @returns A function that writes the backup, reads it back, compares, and
 * zeroes the password.
 * @throws BackupError, and any error from writing a key file
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
      say(
        'The key file is the backup. Keep it, and keep its password in a separate place.',
      )
    else if (target.kind === 'aws') throw BackupError.undecided(flags.shred)
    return nothing
  }
  if (await exists(backup)) {
    await assertHolds(io, backup, source, backupPasswordFd)
    say(`The backup ${quote(backup)} already exists and contains this key.`)
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
        `Wrote the backup ${quote(backup)} and read it back: its account is ${source.address}.`,
      )
    },
    dispose: () => wipe(secret.password),
  }
}

/** An interrupted run has already written the backup. */
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

/**
 * It is not certain that a copy of the private key would remain outside KMS.
 */
export class BackupError extends BaseError {
  override readonly name = 'BackupError'

  static undecided(shred: boolean): BackupError {
    return new BackupError(
      shred
        ? 'The only known copy of the key would be shredded.'
        : 'The key has no password-protected backup.',
      "KMS never returns an imported key, and AWS can't restore it. Make an " +
        'encrypted backup with --backup FILE, or pass --no-backup if you ' +
        'already have one.',
    )
  }

  static unprotected(path: string): BackupError {
    return new BackupError(
      `${quote(path)} already exists, and no password protects it.`,
      'Nothing was sent. Choose a new file for the backup.',
    )
  }

  static other(path: string, has: string, address: string): BackupError {
    return new BackupError(
      `${quote(path)} already exists and contains another key.`,
      `Its account is ${has}, but the private key belongs to ${address}. ` +
        'Nothing was sent. Choose a new file for the backup.',
    )
  }

  constructor(shortMessage: string, details: string) {
    super('backup', shortMessage, { details })
  }
}
