import { AwsError } from '../protocol/Service.js'
import type { Json, JsonObject } from '../template/Json.js'
import { prepareStack } from '../template/prepareStack.js'
import type { PlannedChange } from '../template/rehearse.js'
import { StackError } from '../template/StackError.js'
import type { StackSource, StackState } from '../template/StackState.js'
import type { Step } from '../template/Step.js'
import type { CloudFormationContext } from './CloudFormationContext.js'
import { toTemplateError } from './toTemplateError.js'

export type Plan = {
  changes: readonly PlannedChange[]
  steps: readonly Step[]
  /** Whether any resources, outputs or tags change. */
  hasChanges: boolean
}

/**
 * Plans what a deployment would do.
 *
 * @throws AwsError ValidationError for an invalid template; StackRefusal, a
 *   subclass, for a change that could only fail.
 */
export function planStack(
  context: CloudFormationContext,
  wanted: {
    stack: StackState | undefined
    name: string
    id: string
    source: StackSource
    template: JsonObject
  },
): Plan {
  const { stack, name, id, source, template } = wanted
  const { bootstrap } = context
  try {
    const prepared = prepareStack({
      assembly: {
        stackName: name,
        template: template as Json,
        executionRoleArn: source.roleArn,
        asset: context.asset,
      },
      stackName: name,
      stackId: id,
      parameters: source.parameters,
      before: stack,
      home: context.homeOf(source.deployer),
      ssmParameter: (parameter) =>
        parameter === bootstrap.parameterName ? bootstrap.version : undefined,
    })
    const isSameTags =
      JSON.stringify(stack?.source?.tags ?? []) === JSON.stringify(source.tags)
    const isNew = stack?.source === undefined
    return {
      ...prepared,
      hasChanges: isNew || prepared.hasChanges || !isSameTags,
    }
  } catch (error) {
    const refusal = toTemplateError(error, template)
    if (refusal) throw refusal
    if (error instanceof StackError) throw new StackRefusal(error.problems)
    throw error
  }
}

/**
 * A change that can't be made although the template is valid, for example
 * because a name is taken.
 */
export class StackRefusal extends AwsError {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super('ValidationError', problems.join(' '))
    this.problems = problems
  }
}
