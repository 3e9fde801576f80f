import { AwsError } from '../../protocol/Service.js'
import { backupArn, findBackup } from '../backups.js'
import type { Operation } from '../DynamoContext.js'
import { assertNew, restoreTable, targetTableName } from '../restoreTable.js'

export const RestoreTableFromBackup: Operation = {
  members: { TargetTableName: targetTableName, BackupArn: backupArn },
  isExclusive: true,
  async run(context, input) {
    const name = String(input.TargetTableName)
    const backup = findBackup(context, input.BackupArn)
    assertNew(context, name)
    if (context.restores.isInUse(backup.arn))
      throw new AwsError(
        'BackupInUseException',
        `Backup is being used to restore another table: ${backup.arn}`,
      )
    const TableDescription = await restoreTable(context, {
      name,
      source: backup.table,
      restore: {
        sourceTableArn: String(backup.table.TableArn),
        sourceBackupArn: backup.arn,
        restoreDateTime: backup.createdAt,
      },
      items: await context.engine.backups.items(backup),
    })
    return { TableDescription }
  },
}
