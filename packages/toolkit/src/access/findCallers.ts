import type { Parts } from '../stack/findParts.js'
import { environments, isForLocalChain } from '../stack/Template.js'

/** A principal that a stack lets invoke functions through an alias. */
export type Caller = {
  /** An ARN, or an AWS service. */
  principal: string
  alias: string
  functions: readonly string[]
}

export type Callers = {
  /** The permissions in the stack's template. */
  rows: readonly Caller[]
  /**
   * Whether the functions serve everyone whom IAM allows to invoke them,
   * because the stack names no callers.
   */
  anyone: boolean
}

/**
 * Reads from a stack's template who may invoke its functions. IAM policies can
 * admit others.
 *
 * @returns Undefined if the template isn't visible.
 */
export function findCallers({ stack, template }: Parts): Callers | undefined {
  if (stack === undefined || template === undefined) return undefined
  const rows = new Map<string, Caller>()
  for (const { Type, Properties } of Object.values(template.Resources ?? {})) {
    if (Type !== 'AWS::Lambda::Permission') continue
    const { FunctionName, Principal } = Properties ?? {}
    const { Ref } = Object(FunctionName) as { Ref?: string }
    const arn = stack.resources.find(({ logicalId }) => logicalId === Ref)
    const [name = '', alias = ''] = arn?.physicalId.split(':').slice(-2) ?? []
    const principal = String(Principal)
    const id = `${principal} ${alias}`
    const functions = [...(rows.get(id)?.functions ?? []), name]
    rows.set(id, { principal, alias, functions })
  }
  const settings = [...environments(template).values()]
  const isOpen =
    isForLocalChain(template) ||
    settings.some(({ KEYWARD_ANY_CALLER }) => KEYWARD_ANY_CALLER === 'true')
  const isClosed = settings.some(
    ({ KEYWARD_CALLERS }) => KEYWARD_CALLERS !== undefined,
  )
  return { rows: [...rows.values()], anyone: isOpen && !isClosed }
}

/** The callers as text, one paragraph per principal. */
export function callersText(stack: string, { rows, anyone }: Callers): string {
  const principals = [...new Set(rows.map(({ principal }) => principal))]
  return [
    `Who can invoke the functions of ${stack}, through which alias:`,
    ...(anyone
      ? ['everyone whose IAM policy allows lambda:InvokeFunction']
      : []),
    ...principals.flatMap((principal) => [
      principal,
      ...rows
        .filter((row) => row.principal === principal)
        .map(({ alias, functions }) => `  ${alias}: ${functions.join(', ')}`),
    ]),
    ...(anyone
      ? []
      : [
          'An IAM policy that allows lambda:InvokeFunction on an alias admits its principal too.',
        ]),
  ].join('\n')
}
