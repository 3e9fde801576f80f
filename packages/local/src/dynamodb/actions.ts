import batchGetItem from 'dynalite/actions/batchGetItem.js'
import batchWriteItem from 'dynalite/actions/batchWriteItem.js'
import createTable from 'dynalite/actions/createTable.js'
import deleteItem from 'dynalite/actions/deleteItem.js'
import deleteTable from 'dynalite/actions/deleteTable.js'
import describeTable from 'dynalite/actions/describeTable.js'
import describeTimeToLive from 'dynalite/actions/describeTimeToLive.js'
import getItem from 'dynalite/actions/getItem.js'
import listTables from 'dynalite/actions/listTables.js'
import listTagsOfResource from 'dynalite/actions/listTagsOfResource.js'
import putItem from 'dynalite/actions/putItem.js'
import query from 'dynalite/actions/query.js'
import scan from 'dynalite/actions/scan.js'
import tagResource from 'dynalite/actions/tagResource.js'
import untagResource from 'dynalite/actions/untagResource.js'
import updateItem from 'dynalite/actions/updateItem.js'
import updateTable from 'dynalite/actions/updateTable.js'
import ofBatchGetItem from 'dynalite/validations/batchGetItem.js'
import ofBatchWriteItem from 'dynalite/validations/batchWriteItem.js'
import ofCreateTable from 'dynalite/validations/createTable.js'
import ofDeleteItem from 'dynalite/validations/deleteItem.js'
import ofDeleteTable from 'dynalite/validations/deleteTable.js'
import ofDescribeTable from 'dynalite/validations/describeTable.js'
import ofDescribeTimeToLive from 'dynalite/validations/describeTimeToLive.js'
import ofGetItem from 'dynalite/validations/getItem.js'
import ofListTables from 'dynalite/validations/listTables.js'
import ofListTagsOfResource from 'dynalite/validations/listTagsOfResource.js'
import ofPutItem from 'dynalite/validations/putItem.js'
import ofQuery from 'dynalite/validations/query.js'
import ofScan from 'dynalite/validations/scan.js'
import ofTagResource from 'dynalite/validations/tagResource.js'
import ofUntagResource from 'dynalite/validations/untagResource.js'
import ofUpdateItem from 'dynalite/validations/updateItem.js'
import ofUpdateTable from 'dynalite/validations/updateTable.js'

/** dynalite's operations and its request validation. */
export const actions = {
  BatchGetItem: [batchGetItem, ofBatchGetItem],
  BatchWriteItem: [batchWriteItem, ofBatchWriteItem],
  CreateTable: [createTable, ofCreateTable],
  DeleteItem: [deleteItem, ofDeleteItem],
  DeleteTable: [deleteTable, ofDeleteTable],
  DescribeTable: [describeTable, ofDescribeTable],
  DescribeTimeToLive: [describeTimeToLive, ofDescribeTimeToLive],
  GetItem: [getItem, ofGetItem],
  ListTables: [listTables, ofListTables],
  ListTagsOfResource: [listTagsOfResource, ofListTagsOfResource],
  PutItem: [putItem, ofPutItem],
  Query: [query, ofQuery],
  Scan: [scan, ofScan],
  TagResource: [tagResource, ofTagResource],
  UntagResource: [untagResource, ofUntagResource],
  UpdateItem: [updateItem, ofUpdateItem],
  UpdateTable: [updateTable, ofUpdateTable],
} as const

/** The operations that dynalite implements. */
export type EngineOperation = keyof typeof actions

/** Members of an operation that dynalite honors; it drops all others. */
export const membersOf = (operation: EngineOperation): Members => {
  const { types } = actions[operation][1]
  // All of dynalite's reads are consistent, so dropping this member loses
  // nothing.
  return operation === 'Scan' ? { ...types, ConsistentRead: 'Boolean' } : types
}

/**
 * Members of a request with their constraints, in the form of dynalite's
 * validations. Violations are then reported with AWS's wording.
 */
export type Members = Readonly<Record<string, Member | string>>

type Member = {
  type: string
  notNull?: true
  required?: true
  regex?: string
  enum?: readonly string[]
  lengthGreaterThanOrEqual?: number
  lengthLessThanOrEqual?: number
  greaterThanOrEqual?: number
  lessThanOrEqual?: number
  children?: Members | Member | string
}
