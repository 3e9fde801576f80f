import { type SigningRequest, TypedData } from '@keyward/core'
import { type Danger, namedByPolicy, SafeMessage } from '@keyward/safe'
import type { Gate } from '../policy/createGate.js'

/**
 * The dangers that the owner's policy opens for a transaction or message of its
 * Safe, in rules that list the danger and allow the whole request. A message
 * itself must be allowed too.
 */
export async function readNamedDangers(
  gate: Pick<Gate, 'readNamed'> | undefined,
  asked: {
    readonly typedData: TypedData.TypedData
    readonly preimage: SafeMessage.Preimage | undefined
    readonly caller: string
    readonly deadline: number
  },
): Promise<Danger.NamedDanger[]> {
  if (gate === undefined) return []
  const { typedData, preimage, caller, deadline } = asked
  const read = (request: SigningRequest, digest: `0x${string}`) =>
    gate.readNamed(request, {
      ...{ caller, deadline, digest, purpose: 'request' },
      ...{ keyId: '', address: undefined },
    })
  const digest = TypedData.getSignPayload(typedData)
  const named = await read({ kind: 'typedData', typedData }, digest)
  if (preimage === undefined || named.length === 0) return namedByPolicy(named)
  const request = SafeMessage.toRequest(preimage)
  const hash = SafeMessage.hashPreimage(preimage)
  // Even if no danger is named, the message may not be allowed; the gate checks
  // again.
  return namedByPolicy([...named, ...(await read(request, hash))])
}
