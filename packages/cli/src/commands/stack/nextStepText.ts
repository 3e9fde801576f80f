import type { DeployedStack } from '@keyward/toolkit/deploy'
import { callersOf, isForLocalChain, settingsOf } from '@keyward/toolkit/stack'

type Done = Exclude<DeployedStack['done'], undefined>

/**
 * What a stack with one key still needs before its first payment. Undefined
 * unless the deployment created the stack or its sender, and the address is
 * known.
 */
export function nextStepText(
  name: string,
  changes: DeployedStack['changes'],
  { stack, pinned }: Pick<Done, 'stack' | 'pinned'>,
): string | undefined {
  const { parts, accounts } = pinned
  const address = accounts[0]?.address.address ?? accounts[0]?.pin
  // A later deployment can add others, such as the message signer.
  const isNew = changes.some(
    ({ action, type, logicalId }) =>
      action === 'add' &&
      type === 'AWS::Lambda::Function' &&
      /^(?:Eip1559|Sender)Function/.test(logicalId),
  )
  if (!isNew || stack === undefined || address === undefined) return undefined
  const template = parts.template ?? {}
  const isLocal = isForLocalChain(template)
  const [caller] = callersOf(stack)
  const anyone = isLocal || String(settingsOf(template).anyCaller) === 'true'
  const sends = parts.functions.some((part) => part.name === `${name}-sender`)
  const [account] = accounts
  const isEmpty =
    settingsOf(template).origin === 'EXTERNAL' &&
    account?.address.address === undefined
  const key = stack.outputs.KeyAlias ?? account?.key
  const as = caller === undefined ? '' : ` --caller ${caller}`
  return [
    'Next steps:',
    ...(isEmpty
      ? [
          '- Import the private key. Until then, nothing is signed:',
          `  keyward key import --in FILE --key ${key}`,
        ]
      : []),
    ...(parts.ownKey
      ? []
      : [
          "- See whether the key's policy lets the functions sign:",
          `  keyward access check --stack ${name}`,
        ]),
    ...(caller === undefined && !anyone
      ? [
          '- Add a caller. Without one, the functions sign nothing:',
          `  keyward deploy --stack ${name} --invoker NAME=ROLE_ARN`,
        ]
      : []),
    ...(isLocal
      ? ['- Fund the account:', `  keyward fund ${address}`]
      : [`- Fund the account: send ether to ${address}.`]),
    ...(sends
      ? [
          '- Send a payment:',
          `  keyward send --stack ${name}${as} --to ADDRESS --amount 0.01`,
        ]
      : [
          '- The stack signs, but does not send. To have it send too:',
          `  keyward deploy --stack ${name} --rpc-url -`,
        ]),
  ].join('\n')
}
