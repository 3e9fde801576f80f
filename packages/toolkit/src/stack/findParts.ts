import type { AwsConnection } from '../aws/connectAws.js'
import { peek, seen } from '../aws/peek.js'
import { readStack, readTemplate, type Stack } from './readStack.js'
import { StackMissingError } from './StackMissingError.js'
import * as StackName from './StackName.js'
import { reservedOf, type Template } from './Template.js'

export type FunctionPart = {
  name: string
  /**
   * Executions at once that the template reserves: a number, null for none,
   * undefined when the template isn't seen.
   */
  reserved: number | null | undefined
}

/** The parts of a stack that sign, wherever they were found. */
export type Parts = {
  /** Undefined when the caller may not look into CloudFormation. */
  stack: Stack | undefined
  template: Template | undefined
  /** An id, ARN or alias; whether it exists is not known yet. */
  key: string
  /** Of a multisig's other owners, and its relayer. */
  otherKeys: readonly string[]
  /** Whether the key is the stack's own, and not one given to it. */
  ownKey: boolean
  functions: readonly FunctionPart[]
}

/**
 * Finds a stack's key and functions in CloudFormation. Who may not look there
 * gets them by the names that every stack gives.
 *
 * @throws StackMissingError when CloudFormation says that there is none.
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
  if (peeked.hidden) return byNames(name)
  const stack = peeked.value
  if (stack === undefined) throw new StackMissingError(name, connection.target)
  const template = seen(await peek(() => readTemplate(client, name)))
  return inStack(stack, template)
}

/** The parts as a stack that was read tells them. */
export function inStack(stack: Stack, template: Template | undefined): Parts {
  const { resources, outputs } = stack
  const [made, ...others] = resources.filter(
    ({ type }) => type === 'AWS::KMS::Key',
  )
  return {
    stack,
    template,
    key: made?.physicalId || outputs.KeyArn || StackName.toAlias(stack.name),
    otherKeys: others.map(({ physicalId }) => physicalId).filter(Boolean),
    ownKey: made !== undefined,
    functions: resources
      .filter(
        ({ type, physicalId }) =>
          type === 'AWS::Lambda::Function' && physicalId !== '',
      )
      .map(({ physicalId, logicalId }) => ({
        name: physicalId,
        reserved: template && (reservedOf(template, logicalId) ?? null),
      })),
  }
}

function byNames(name: string): Parts {
  return {
    stack: undefined,
    template: undefined,
    key: StackName.toAlias(name),
    otherKeys: [],
    ownKey: true,
    functions: StackName.toFunctionNames(name).map((each) => ({
      name: each,
      reserved: undefined,
    })),
  }
}
