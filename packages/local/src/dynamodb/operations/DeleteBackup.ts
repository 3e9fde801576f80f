import { AwsError } from '../../protocol/Service.js'
import { backupArn, findBackup, toDescription } from '../backups.js'
import type { Operation } from '../DynamoContext.js'
import { invalid } from '../errors.js'

export const DeleteBackup: Operation = {
  members: { BackupArn: backupArn },
  isExclusive: true,
  async run(context, input) {
    const backup = findBackup(context, input.BackupArn)
    const { arn, expiresAt } = backup
    if (expiresAt !== undefined)
      throw invalid(
        `Invalid Request: User is not allowed to delete the system backup with arn ${arn}. It will automatically expire on ${new Date(expiresAt).toISOString()}`,
      )
    if (context.restores.isInUse(arn))
      throw new AwsError(
        'BackupInUseException',
        `Backup is being used to restore table: ${arn}`,
      )
    await context.engine.backups.remove(backup)
    return { BackupDescription: toDescription(backup, 'DELETED') }
  },
}
