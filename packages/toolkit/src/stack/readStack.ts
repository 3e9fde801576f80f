import { isMissing } from '../aws/peek.js'
import type { CloudFormation } from './CloudFormation.js'
import type { Template } from './Template.js'

export type StackResource = {
  logicalId: string
  /** For example `AWS::KMS::Key`. */
  type: string
  /** Empty if the resource was never created. */
  physicalId: string
  /** CloudFormation's term, e.g. `CREATE_COMPLETE`. */
  status: string
}

/** A stack as CloudFormation describes it. */
export type Stack = {
  name: string
  id: string
  /** CloudFormation's term, e.g. `UPDATE_COMPLETE`. */
  status: string
  statusReason: string | undefined
  /** The role that CloudFormation assumes, if there is one. */
  roleArn: string | undefined
  terminationProtection: boolean
  outputs: Readonly<Record<string, string>>
  resources: readonly StackResource[]
}

/** Aliases of Keyward's own, which no caller can have. */
const reserved = ['admin', 'clock', 'status']

/**
 * The aliases through which a stack's callers send or, if it has no sender,
 * have transactions signed.
 */
export function callersOf({
  name,
  resources,
}: Pick<Stack, 'name' | 'resources'>): string[] {
  const aliases = resources
    .filter(({ type }) => type === 'AWS::Lambda::Alias')
    .map(({ physicalId }) => physicalId.split(':').slice(-2))
    .filter(([, alias = 'status']) => !reserved.includes(alias))
  const sending = aliases.filter(([of]) => of === `${name}-sender`)
  const callers = sending.length === 0 ? aliases : sending
  return [...new Set(callers.map(([, alias = '']) => alias))]
}

/** @returns Undefined if there is no such stack. */
export async function readStack(
  client: CloudFormation,
  /** The stack's name or, for a deleted stack, its ARN. */
  nameOrId: string,
): Promise<Stack | undefined> {
  const sdk = await import('@aws-sdk/client-cloudformation')
  try {
    const { Stacks: [stack] = [] } = await client.send(
      new sdk.DescribeStacksCommand({ StackName: nameOrId }),
    )
    if (stack === undefined) return undefined
    const resources = await listResources(client, nameOrId)
    return {
      name: stack.StackName ?? nameOrId,
      id: stack.StackId ?? nameOrId,
      status: stack.StackStatus ?? 'unknown',
      statusReason: stack.StackStatusReason,
      roleArn: stack.RoleARN,
      terminationProtection: stack.EnableTerminationProtection === true,
      outputs: Object.fromEntries(
        (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
          OutputKey,
          OutputValue,
        ]),
      ),
      resources,
    }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function listResources(
  client: CloudFormation,
  StackName: string,
): Promise<StackResource[]> {
  const { ListStackResourcesCommand } = await import(
    '@aws-sdk/client-cloudformation'
  )
  const resources: StackResource[] = []
  let token: string | undefined
  do {
    const { StackResourceSummaries = [], NextToken } = await client.send(
      new ListStackResourcesCommand({
        StackName,
        ...(token !== undefined && { NextToken: token }),
      }),
    )
    for (const each of StackResourceSummaries)
      resources.push({
        logicalId: each.LogicalResourceId ?? '',
        type: each.ResourceType ?? '',
        physicalId: each.PhysicalResourceId ?? '',
        status: each.ResourceStatus ?? '',
      })
    token = NextToken
  } while (token !== undefined)
  return resources
}

/** @returns Undefined if there is no such stack. */
export async function findTemplate(
  client: CloudFormation,
  stackName: string,
): Promise<Template | undefined> {
  try {
    return await readTemplate(client, stackName)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/**
 * The template as deployed. A template that isn't JSON counts as empty: CDK
 * writes JSON, so it is another tool's.
 */
export async function readTemplate(
  client: CloudFormation,
  stackName: string,
): Promise<Template> {
  const { GetTemplateCommand } = await import('@aws-sdk/client-cloudformation')
  const { TemplateBody = '' } = await client.send(
    new GetTemplateCommand({
      StackName: stackName,
      TemplateStage: 'Original',
    }),
  )
  try {
    return JSON.parse(TemplateBody) as Template
  } catch {
    return {}
  }
}
