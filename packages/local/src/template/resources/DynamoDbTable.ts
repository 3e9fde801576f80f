import * as TablePolicy from '../../dynamodb/TablePolicy.js'
import { AwsError } from '../../protocol/Service.js'
import { canonical, type JsonObject } from '../Json.js'
import {
  boolean,
  ignored,
  integer,
  list,
  members,
  object,
  oneOf,
  type Read,
  type Reader,
  readProperties,
  tags,
  text,
} from '../properties.js'
import type { Place, ResourceType } from '../ResourceType.js'
import { quote } from '../StackError.js'
import { TemplateError } from '../TemplateError.js'

const recovery = members({
  PointInTimeRecoveryEnabled: boolean,
  RecoveryPeriodInDays: integer,
})

/**
 * Returns the policy in AWS's form. A policy that AWS would refuse is refused
 * in advance.
 */
const resourcePolicy: Reader<string> = (value) => {
  const { PolicyDocument } = readProperties(
    object(value),
    { PolicyDocument: object },
    ['PolicyDocument'],
  )
  try {
    return TablePolicy.canonicalize(JSON.stringify(PolicyDocument))
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new TemplateError(error.message)
  }
}

/**
 * Properties of a table as a whole, as opposed to those of a global table's
 * replica.
 */
const shared = {
  AttributeDefinitions: list(object),
  BillingMode: oneOf('PAY_PER_REQUEST', 'PROVISIONED'),
  GlobalSecondaryIndexes: list(object),
  KeySchema: list(object),
  LocalSecondaryIndexes: list(object),
  // All data at rest is on this machine, so encryption settings have no effect.
  SSESpecification: ignored,
  TableName: text,
}

/** Settings that a global table has for each Region. */
const regional = {
  ContributorInsightsSpecification: ignored,
  DeletionProtectionEnabled: boolean,
  PointInTimeRecoverySpecification: recovery,
  ResourcePolicy: resourcePolicy,
  TableClass: oneOf('STANDARD', 'STANDARD_INFREQUENT_ACCESS'),
  Tags: tags,
}

const ofTable = { ...shared, ...regional, ProvisionedThroughput: object }

const ofReplica = {
  ...regional,
  GlobalSecondaryIndexes: ignored,
  Region: text,
  SSESpecification: ignored,
}

type Table = Read<typeof ofTable>

const readTable = (properties: JsonObject): Table =>
  readProperties(properties, ofTable, ['AttributeDefinitions', 'KeySchema'])

/** A global table with one Region is a plain table. */
function readGlobalTable(properties: JsonObject, { home }: Place): Table {
  const { Replicas, ...table } = readProperties(
    properties,
    { ...shared, Replicas: list(members(ofReplica)) },
    ['AttributeDefinitions', 'KeySchema', 'Replicas'],
  )
  const [replica, another] = Replicas
  if (!replica || another || replica.Region !== home.region)
    throw new TemplateError(
      `Replicas: The local home has only the Region ${home.region}, so the only replica must be there.`,
    )
  const { Region: _, GlobalSecondaryIndexes: __, ...own } = replica
  return { ...table, ...own }
}

function createType(
  read: (properties: JsonObject, place: Place) => Table,
): ResourceType {
  const nameOf = (properties: JsonObject, place: Place): string =>
    read(properties, place).TableName ?? place.generatedName

  const identify: ResourceType['identify'] = (properties, place) => {
    const name = nameOf(properties, place)
    const { region, accountId } = place.home
    const Arn = `arn:aws:dynamodb:${region}:${accountId}:table/${name}`
    // DynamoDB chooses the id.
    return { physicalId: name, attributes: { Arn, TableId: '' } }
  }

  /** Settings for protection and backups, which can change at any time. */
  async function putSettings(properties: JsonObject, place: Place) {
    const { dynamodb, deployer } = place.home
    const table = read(properties, place)
    const TableName = nameOf(properties, place)
    const PointInTimeRecoverySpecification = {
      PointInTimeRecoveryEnabled: false,
      ...table.PointInTimeRecoverySpecification,
    }
    await dynamodb.call(
      'UpdateContinuousBackups',
      { TableName, PointInTimeRecoverySpecification },
      deployer,
    )
    const DeletionProtectionEnabled = table.DeletionProtectionEnabled ?? false
    await dynamodb.call(
      'UpdateTable',
      { TableName, DeletionProtectionEnabled },
      deployer,
    )
  }

  /**
   * As in AWS, manual changes are kept as long as the template doesn't change.
   */
  async function putPolicy(
    was: string | undefined,
    is: string | undefined,
    ResourceArn: string,
    { dynamodb, deployer }: Place['home'],
  ) {
    if (was === is) return
    if (is === undefined)
      await dynamodb.call('DeleteResourcePolicy', { ResourceArn }, deployer)
    else
      await dynamodb.call(
        'PutResourcePolicy',
        { ResourceArn, Policy: is },
        deployer,
      )
  }

  return {
    check(properties, place) {
      read(properties, place)
      const name = nameOf(properties, place)
      if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name))
        throw new TemplateError(
          `TableName is ${quote(name)}. It must be 3 to 255 letters, digits, dots, hyphens or underscores.`,
        )
    },
    identify,
    change(before, properties, place) {
      if (identify(properties, place).physicalId !== before.physicalId)
        return 'replace'
      const was = read(before.properties, place)
      const becomes = read(properties, place)
      // Replacing the table would silently leave its data behind.
      const changed = Object.keys({ ...was, ...becomes }).find(
        (name) =>
          !(name in regional) &&
          canonical(was[name as keyof Table]) !==
            canonical(becomes[name as keyof Table]),
      )
      return changed === undefined
        ? 'update'
        : {
            refused: `The local home can't change the ${changed} of a table. Start again with --reset, or give the table another name.`,
          }
    },
    taken({ physicalId }, { home, generatedName }) {
      const owner = physicalId === generatedName ? 'stack' : 'table'
      return home.dynamodb.hasTable(physicalId)
        ? `The table name ${quote(physicalId)} is taken. Delete that table, or give the ${owner} another name.`
        : undefined
    },
    async make(properties, place) {
      const { dynamodb, deployer } = place.home
      const table = read(properties, place)
      const TableName = nameOf(properties, place)
      const { attributes } = identify(properties, place)
      const input = {
        TableName,
        AttributeDefinitions: table.AttributeDefinitions,
        BillingMode: table.BillingMode,
        GlobalSecondaryIndexes: table.GlobalSecondaryIndexes,
        KeySchema: table.KeySchema,
        LocalSecondaryIndexes: table.LocalSecondaryIndexes,
        ProvisionedThroughput: table.ProvisionedThroughput,
        ResourcePolicy: table.ResourcePolicy,
      }
      await dynamodb
        .call('CreateTable', JSON.parse(JSON.stringify(input)), deployer)
        .catch(async (error: unknown) => {
          // Only a table left over from a killed creation gets this far.
          if ((error as AwsError).type !== 'ResourceInUseException') throw error
          const { Arn = '' } = attributes
          await putPolicy(undefined, table.ResourcePolicy, Arn, place.home)
        })
      await putSettings(properties, place)
      const described = await dynamodb.call(
        'DescribeTable',
        { TableName },
        deployer,
      )
      const { TableId } = described.Table as { TableId: string }
      return { physicalId: TableName, attributes: { ...attributes, TableId } }
    },
    async update(before, properties, place) {
      await putSettings(properties, place)
      await putPolicy(
        read(before.properties, place).ResourcePolicy,
        read(properties, place).ResourcePolicy,
        before.attributes.Arn ?? '',
        place.home,
      )
      return undefined
    },
    async remove({ physicalId: TableName }, { home }) {
      await deleteTable(home, TableName)
    },
    async discard({ physicalId: TableName }, { home }) {
      await home.dynamodb.call(
        'UpdateTable',
        { TableName, DeletionProtectionEnabled: false },
        home.deployer,
      )
      await deleteTable(home, TableName)
    },
  }
}

/** Deletes a table. Succeeds if the table is missing. */
async function deleteTable(
  { dynamodb, deployer }: Place['home'],
  TableName: string,
) {
  await dynamodb
    .call('DeleteTable', { TableName }, deployer)
    .catch((error: unknown) => {
      const isGone =
        error instanceof AwsError && error.type === 'ResourceNotFoundException'
      if (!isGone) throw error
    })
}

export const DynamoDbTable = createType(readTable)
export const DynamoDbGlobalTable = createType(readGlobalTable)
