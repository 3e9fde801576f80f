import type { Danger as Guarded } from '@keyward/guard'
import type { Danger, NamedDanger } from './Danger.js'

/**
 * The co-signer's word for what a rule of its owner's policy may name. The rest
 * opens nothing here: a policy does not know what a simulation finds, and a
 * contract that nobody can decode is opened by its address.
 */
export const byPolicy: Readonly<Record<Guarded.Danger, Danger | undefined>> = {
  'unlimited-approval': 'unlimited-approval',
  'approval-for-all': 'unlimited-approval',
  'order-for-nothing': 'unlimited-approval',
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
 * What rules of a policy open of a Safe's transaction or message, by the paths
 * that a review has.
 *
 * @param named - By the paths of the request: the transaction is its part `0`.
 */
export function namedByPolicy(named: readonly Named[]): NamedDanger[] {
  return named.flatMap(({ path, danger }) => {
    const own = byPolicy[danger]
    return own === undefined
      ? []
      : [{ danger: own, path: path.replace(/^0\.?/, '') }]
  })
}
