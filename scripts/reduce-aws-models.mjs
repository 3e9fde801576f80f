// node scripts/reduce-aws-models.mjs FOLDER Reduces AWS's service models, from
// its SDK for Python, to the operations that Keyward calls, and writes them to
// test/vectors/aws-models.json.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { root } from './setup/root.mjs'

/** @type {Readonly<Record<string, string>>} */
const operations = {
  cloudformation:
    'ContinueUpdateRollback CreateChangeSet CreateStack DeleteChangeSet DeleteStack DescribeChangeSet DescribeStackEvents DescribeStacks ExecuteChangeSet GetTemplate ListChangeSets ListStackResources ListStacks',
  dynamodb:
    'BatchGetItem CreateBackup CreateTable DeleteItem DeleteResourcePolicy DeleteTable DescribeContinuousBackups DescribeTable GetItem GetResourcePolicy ListTables PutItem PutResourcePolicy Query RestoreTableFromBackup RestoreTableToPointInTime UpdateContinuousBackups UpdateItem UpdateTable',
  iam: 'GetRole GetUser',
  kms: 'CancelKeyDeletion CreateAlias CreateGrant CreateKey DeleteAlias DeleteImportedKeyMaterial DescribeKey DisableKey EnableKey GetKeyPolicy GetParametersForImport GetPublicKey ImportKeyMaterial ListAliases ListGrants ListKeys ListResourceTags PutKeyPolicy RevokeGrant ScheduleKeyDeletion Sign UpdateAlias Verify',
  lambda:
    'DeleteFunctionConcurrency GetFunctionConcurrency GetAccountSettings GetFunctionConfiguration Invoke ListFunctions PutFunctionConcurrency UpdateFunctionConfiguration',
  logs: 'DeleteLogGroup DescribeLogGroups FilterLogEvents',
  s3: 'GetBucketEncryption GetBucketLocation GetObject HeadBucket HeadObject ListObjectsV2 PutObject',
  secretsmanager: 'CreateSecret GetSecretValue PutSecretValue',
  sns: 'Subscribe',
  ssm: 'DeleteParameter GetParameter GetParameters PutParameter',
  sts: 'AssumeRole GetCallerIdentity',
}
const facts = [
  ...['type', 'required', 'enum', 'pattern', 'min', 'max', 'flattened'],
  ...['payload', 'member', 'members', 'key', 'value'],
]
const ofMember = ['shape', 'location', 'locationName', 'flattened']

const [folder = ''] = process.argv.slice(2)
const reduced = Object.fromEntries(
  Object.entries(operations).map(([service, names]) => [
    service,
    reduce(read(service), names.split(' ')),
  ]),
)
writeFileSync(
  join(root, 'test', 'vectors', 'aws-models.json'),
  `${JSON.stringify(reduced)}\n`,
)

/** @param {string} service */
function read(service) {
  const path = join(folder, `${service}.json`)
  return JSON.parse(
    existsSync(path)
      ? readFileSync(path, 'utf8')
      : gunzipSync(readFileSync(`${path}.gz`)).toString(),
  )
}

/**
 * @param {any} model
 * @param {readonly string[]} names
 */
function reduce(model, names) {
  /** @type {Record<string, object>} */
  const shapes = {}
  /** @param {{ shape?: string } | undefined} reference */
  const keep = (reference) => {
    const name = reference?.shape
    if (name === undefined || Object.hasOwn(shapes, name)) return
    const shape = pick(model.shapes[name], facts)
    shapes[name] = shape
    for (const each of [shape.member, shape.key, shape.value]) keep(each)
    for (const each of Object.values(shape.members ?? {})) keep(each)
    for (const part of ['member', 'key', 'value'])
      if (shape[part]) shape[part] = pick(shape[part], ofMember)
    if (shape.members)
      shape.members = Object.fromEntries(
        Object.entries(shape.members).map(([key, member]) => [
          key,
          pick(member, ofMember),
        ]),
      )
  }
  const kept = names.map((name) => {
    const { http, input, output } = model.operations[name]
    keep(input)
    keep(output)
    const { resultWrapper } = output ?? {}
    return [
      name,
      {
        http: pick(http, ['method', 'requestUri']),
        input: input?.shape,
        output: output?.shape,
        resultWrapper,
      },
    ]
  })
  return {
    protocol: model.metadata.protocol,
    operations: Object.fromEntries(kept),
    shapes,
  }
}

/**
 * @param {any} object
 * @param {readonly string[]} names
 * @returns {any}
 */
function pick(object, names) {
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => names.includes(name)),
  )
}
