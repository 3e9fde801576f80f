import type { Danger as Guarded } from '@keyward/guard'
import type { Danger, NamedDanger } from './Danger.js'

/**
 * The co-signer's name for each danger that a rule of the owner's policy may
 * name. Other dangers can't be allowed this way: a policy doesn't know what a
 * simulation finds, and an undecodable contract is allowed by its address.
 */
export const byPolicy: Readonly<Record<Guarded.Danger, Danger | undefined>> = {
  'unlimited-approval': 'unlimited-approval',
  'approval-for-all': 'unlimited-approval',
  'order-for-nothing': 'order-for-nothing',
  ownership: 'ownership',
  upgrade: 'upgrade',
  owners: 'owners',
  module: 'modules',
  guard: 'guard',
  'fallback-handler': 'fallback-handler',
  'approve-hash': 'approve-hash',
  delegatecall: 'delegatecall',
  refund: 'refund',
  'safe-tx-gas': 'safe-tx-gas',
  'self-call': 'self-call',
  'wrapped-hash': 'safe-message',
  permit: undefined,
  'init-code': undefined,
  'data-handed-on': undefined,
  'malformed-call': undefined,
  'order-extension': undefined,
}

type Named = { readonly path: string; readonly danger: Guarded.Danger }

/**
 * Converts the dangers that a policy's rules allow to this package's names,
 * with paths relative to the reviewed transaction or message.
 * @param named - Paths are relative to the whole request, in which the
 * transaction is part `0`.
 */
export function namedByPolicy(named: readonly Named[]): NamedDanger[] {
  return named.flatMap(({ path, danger }) => {
    const own = byPolicy[danger]
    return own === undefined
      ? []
      : [{ danger: own, path: path.replace(/^0\.?/, '') }]
  })
}
