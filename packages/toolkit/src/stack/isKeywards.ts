import { BaseError } from '@keyward/core/errors'
import type { Stack } from './readStack.js'
import {
  environments,
  ethereumKeys,
  hasSettings,
  nameOfFunction,
  type Template,
} from './Template.js'

/** The endings of the names of all functions that a stack can have. */
const kinds =
  '(?:eip1559-signer|legacy-signer|message-signer|sender|reconciler|cosigner-\\d+|coordinator|own-reconciler)'

type Known = Pick<Stack, 'name' | 'resources'>

/**
 * Whether Keyward made a stack: the app stores its settings in the template,
 * and the construct library names each function after the stack. A stack that
 * is created or deleted only in part keeps its template, and so its marks.
 *
 * @param template - Undefined if the caller isn't allowed to read it. Then the
 * functions that CloudFormation lists decide, also the deleted ones.
 */
function isKeywards(
  { name, resources }: Known,
  template: Template | undefined,
): boolean {
  const own = new RegExp(`^${name}-${kinds}$`)
  const isOwn = (logicalId: string, functionName: unknown) =>
    /Function[0-9A-F]{8}$/.test(logicalId) &&
    typeof functionName === 'string' &&
    own.test(functionName)
  if (template === undefined)
    return resources.some(
      ({ type, logicalId, physicalId }) =>
        type === 'AWS::Lambda::Function' && isOwn(logicalId, physicalId),
    )
  return (
    hasSettings(template) ||
    // Others use such a name too, but not with this variable.
    [...environments(template)].some(
      ([id, { ETH_NETWORK }]) =>
        ETH_NETWORK !== undefined && isOwn(id, nameOfFunction(template, id)),
    ) ||
    // The construct library's stack can also have only a key.
    ethereumKeys(template).some((id) =>
      /^(?:SigningKey|Owner\d+Key|RelayerKey)[0-9A-F]{8}$/.test(id),
    )
  )
}

/**
 * Whether a command that stops or starts the functions may take this stack: it
 * is one of Keyward's, or an app's own stack with functions that sign, or the
 * caller isn't allowed to see what it is.
 */
export function maySign(stack: Known, template: Template | undefined): boolean {
  return (
    template === undefined ||
    stack.resources.length === 0 ||
    isKeywards(stack, template) ||
    [...environments(template).values()].some(
      ({ KMS_KEY_ID, ETH_NETWORK }) =>
        KMS_KEY_ID !== undefined && ETH_NETWORK !== undefined,
    )
  )
}

/**
 * Refuses a stack of which not even one part is Keyward's. A stack without any
 * resources, whose creation never began, has nothing to lose.
 *
 * @throws ForeignStackError
 */
export function assertKeywards(
  stack: Known,
  template: Template | undefined,
): void {
  if (stack.resources.length > 0 && !isKeywards(stack, template))
    throw new ForeignStackError(stack.name, { hidden: template === undefined })
}

/** The stack was not created by Keyward. */
export class ForeignStackError extends BaseError {
  override readonly name = 'ForeignStackError'

  /** @param hidden - Whether the caller isn't allowed to read the template. */
  constructor(stack: string, { hidden = false } = {}) {
    super(
      'foreign-stack',
      hidden
        ? `The stack ${stack} does not look like one that Keyward created.`
        : `The stack ${stack} was not created by Keyward.`,
      {
        details: hidden
          ? 'Nothing was done. You have no permission to read its template, and none of its functions has a name that Keyward uses. Check --stack, or run the command as a principal that has cloudformation:GetTemplate.'
          : "Nothing was done. Its template contains neither Keyward's settings nor one of its functions. Check --stack, the Region and the AWS account.",
      },
    )
  }
}
