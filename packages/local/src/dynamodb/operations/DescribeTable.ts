import { membersOf } from '../actions.js'
import type { Operation } from '../DynamoContext.js'
import { describeTable } from '../describeTable.js'

export const DescribeTable: Operation = {
  members: membersOf('DescribeTable'),
  async run(context, { TableName }) {
    return { Table: await describeTable(context, TableName) }
  },
}
