import { senderKinds } from '@keyward/iam/functions'
import type { AwsConnection } from '../aws/connectAws.js'
import { isDenied, isMissing, peek, seen } from '../aws/peek.js'
import { ForeignStackError, maySign } from './isKeywards.js'
import { readStack, readTemplate, type Stack } from './readStack.js'
import { StackMissingError } from './StackMissingError.js'
import * as StackName from './StackName.js'
import { reservedOf, type Template } from './Template.js'

export type FunctionPart = {
  name: string
  /**
   * The reserved concurrency in the template: a number, null if there is none,
   * or undefined if the template isn't visible.
   */
  reserved: number | null | undefined
}

/** A stack's key, and the functions that sign with it. */
export type Account = {
  /**
   * `owner-1`, …, `relayer` in a multisig; undefined if there is only one key.
   */
  role: string | undefined
  /** An id, ARN or alias. The key need not exist. */
  key: string
  functions: readonly FunctionPart[]
}

/** The parts of a stack that sign, and how they were found. */
export type Parts = {
  /** Undefined if the caller isn't allowed to read CloudFormation. */
  stack: Stack | undefined
  template: Template | undefined
  /** One key; in a multisig the owners' keys in order, then the relayer's. */
  accounts: readonly [Account, ...Account[]]
  /** Whether the stack created its key, as opposed to using an existing one. */
  ownKey: boolean
  functions: readonly FunctionPart[]
}

/**
 * Finds a stack's key and functions in CloudFormation. If the caller isn't
 * allowed to read the stack, the standard names are used.
 *
 * @throws StackMissingError if CloudFormation says that there is none
 * @throws ForeignStackError
 */
export async function findParts(
  connection: AwsConnection,
  name: string,
): Promise<Parts> {
  const { CloudFormationClient } = await import(
    '@aws-sdk/client-cloudformation'
  )
  const client = connection.open(CloudFormationClient)
  const peeked = await peek(() => readStack(client, name))
  if (peeked.hidden)
    return byNames(name, await countCosigners(connection, name))
  const stack = peeked.value
  if (stack === undefined) throw new StackMissingError(name, connection.target)
  const template = seen(await peek(() => readTemplate(client, name)))
  if (!maySign(stack, template)) throw new ForeignStackError(name)
  return inStack(stack, template)
}

/** The parts that a stack and its template describe. */
export function inStack(stack: Stack, template: Template | undefined): Parts {
  const { resources, outputs } = stack
  const keys = resources.filter(({ type }) => type === 'AWS::KMS::Key')
  const functions = resources
    .filter(
      ({ type, physicalId }) =>
        type === 'AWS::Lambda::Function' && physicalId !== '',
    )
    .map(({ physicalId, logicalId }) => ({
      name: physicalId,
      reserved: template && (reservedOf(template, logicalId) ?? null),
    }))
  const own =
    keys.find(
      ({ physicalId }) =>
        physicalId !== '' && outputs.KeyArn?.endsWith(`/${physicalId}`),
    ) ?? keys[0]
  const [first, ...others] = keys
    .flatMap(({ logicalId, physicalId: key }) => {
      const role = roleOf(logicalId)
      if (role === undefined || key === '') return []
      const signs = ({ name }: FunctionPart) => isOf(role, stack.name, name)
      return [{ role, key, functions: functions.filter(signs) }]
    })
    .sort((a, b) => a.role.localeCompare(b.role, 'en', { numeric: true }))
  const only = {
    role: undefined,
    key: own?.physicalId || outputs.KeyArn || StackName.toAlias(stack.name),
    functions,
  }
  return {
    stack,
    template,
    accounts: first === undefined ? [only] : [first, ...others],
    ownKey: keys.length > 0,
    functions,
  }
}

/**
 * The owner of a key in a multisig, taken from the key's name in the template.
 */
function roleOf(logicalId: string): string | undefined {
  const [, number] = /^Owner(\d+)Key/.exec(logicalId) ?? []
  if (number !== undefined) return `owner-${number}`
  return logicalId.startsWith('RelayerKey') ? 'relayer' : undefined
}

function isOf(role: string, stack: string, name: string): boolean {
  const kinds =
    role === 'relayer' ? senderKinds : [role.replace('owner', 'cosigner')]
  return kinds.some((kind) => name === `${stack}-${kind}`)
}

/** The account that pays for what the stack sends. */
export function senderOf({ accounts }: Parts): Account {
  return accounts.find(({ role }) => role === 'relayer') ?? accounts[0]
}

/**
 * @param owners - The number of a multisig's co-signers; 0 if the stack is not
 * a multisig.
 */
function byNames(name: string, owners: number): Parts {
  const toPart = (each: string) => ({ name: each, reserved: undefined })
  const hidden = { stack: undefined, template: undefined, ownKey: true }
  const functions = StackName.toFunctionNames(name).map(toPart)
  const key = StackName.toAlias(name)
  if (owners === 0)
    return {
      ...hidden,
      accounts: [{ role: undefined, key, functions }],
      functions,
    }
  const toOwner = (_: unknown, index: number): Account => {
    const role = `owner-${index + 1}`
    const own = [toPart(`${name}-cosigner-${index + 1}`)]
    return { role, key: `${key}-${role}`, functions: own }
  }
  const accounts = Array.from({ length: owners }, toOwner)
  const cosigners = accounts.flatMap((one) => one.functions)
  const others = ['coordinator', 'own-reconciler'].map((kind) =>
    toPart(`${name}-${kind}`),
  )
  const relayer = { role: 'relayer', key: `${key}-relayer`, functions }
  const [first = relayer, ...rest] = [...accounts, relayer]
  return {
    ...{ ...hidden, accounts: [first, ...rest] },
    functions: [...cosigners, ...others, ...functions],
  }
}

/** The most owners that a supported Safe can have. */
const maxOwners = 100

/** Looks up a multisig's functions by name until one is missing. */
async function countCosigners(
  connection: AwsConnection,
  name: string,
): Promise<number> {
  const { GetFunctionConcurrencyCommand, LambdaClient } = await import(
    '@aws-sdk/client-lambda'
  )
  const lambda = connection.open(LambdaClient)
  for (let count = 0; count < maxOwners; count++) {
    const FunctionName = `${name}-cosigner-${count + 1}`
    try {
      await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))
    } catch (error) {
      if (isMissing(error) || isDenied(error)) return count
      throw error
    }
  }
  return maxOwners
}
