import type { Hex, SigningKey } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { assertNoOwner, assertRelayable } from '@keyward/safe'
import type { RelayedSafe } from './SendingConfig.js'

type Call = Parameters<typeof assertRelayable>[1]
type Options = { readonly deadline?: number | undefined }

/**
 * The rules of a relayer. They are checked before it assigns a nonce, and again
 * at the gate.
 */
export type RelayRule = {
  /** @throws NotRelayableError, RelayerIsOwnerError */
  assert(call: Call, options: Options): Promise<void>
  readonly authorize: SigningKey.Authorize
}

/** @param getAddress - Returns the relayer's address. */
export function createRelayRule(
  relayed: RelayedSafe,
  rpc: () => Rpc,
  getAddress: (options: Options) => Promise<Hex>,
): RelayRule {
  const safe = relayed === 'none' ? undefined : relayed
  async function assert(call: Call, options: Options): Promise<void> {
    assertRelayable(safe, call)
    const account = await getAddress(options)
    if (safe !== undefined) await assertNoOwner(rpc(), safe, account, options)
  }
  return {
    assert,
    async authorize(request, { deadline }) {
      if (request.kind === 'transaction')
        return assert(request.transaction, { deadline })
      assertRelayable(undefined, { value: 0n, data: '0x' })
    },
  }
}
