import { backupArn, findBackup, toDescription } from '../backups.js'
import type { Operation } from '../DynamoContext.js'

export const DescribeBackup: Operation = {
  members: { BackupArn: backupArn },
  async run(context, input) {
    const backup = findBackup(context, input.BackupArn)
    return { BackupDescription: toDescription(backup) }
  },
}
