import { actions, type EngineOperation, membersOf } from './actions.js'
import type { Operation } from './DynamoContext.js'
import { BatchGetItem } from './operations/BatchGetItem.js'
import { CreateBackup } from './operations/CreateBackup.js'
import { CreateTable } from './operations/CreateTable.js'
import { DeleteBackup } from './operations/DeleteBackup.js'
import { DeleteResourcePolicy } from './operations/DeleteResourcePolicy.js'
import { DeleteTable } from './operations/DeleteTable.js'
import { DescribeBackup } from './operations/DescribeBackup.js'
import { DescribeContinuousBackups } from './operations/DescribeContinuousBackups.js'
import { DescribeTable } from './operations/DescribeTable.js'
import { GetResourcePolicy } from './operations/GetResourcePolicy.js'
import { ListBackups } from './operations/ListBackups.js'
import { PutResourcePolicy } from './operations/PutResourcePolicy.js'
import { RestoreTableFromBackup } from './operations/RestoreTableFromBackup.js'
import { RestoreTableToPointInTime } from './operations/RestoreTableToPointInTime.js'
import { UpdateContinuousBackups } from './operations/UpdateContinuousBackups.js'
import { UpdateTable } from './operations/UpdateTable.js'

const ofEngine = (name: EngineOperation): [string, Operation] => [
  name,
  {
    members: membersOf(name),
    isCheckedByEngine: true,
    run: ({ engine }, input) => engine.call(name, input),
  },
]

/** The operations that the home serves: dynalite's and its own. */
export const operations: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(
    (Object.keys(actions) as EngineOperation[]).map(ofEngine),
  ),
  BatchGetItem,
  CreateBackup,
  CreateTable,
  DeleteBackup,
  DeleteResourcePolicy,
  DeleteTable,
  DescribeBackup,
  DescribeContinuousBackups,
  DescribeTable,
  GetResourcePolicy,
  ListBackups,
  PutResourcePolicy,
  RestoreTableFromBackup,
  RestoreTableToPointInTime,
  UpdateContinuousBackups,
  UpdateTable,
}
