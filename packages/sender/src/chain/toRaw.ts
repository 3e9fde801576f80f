import { type Hex, type Signature, Transaction } from '@keyward/core'
import { RpcValue } from '@keyward/core/rpc'

type Fields = Record<string, unknown>

/**
 * Builds the signed bytes of a transaction from its fields as a node lists them
 * in a block, for nodes that don't return raw bytes. The bytes prove nothing:
 * recover the signer.
 *
 * @returns undefined for types that are never signed here
 */
export function toRaw(fields: Fields, method: string): Hex | undefined {
  const quantity = (name: string) => RpcValue.quantity(fields[name], method)
  const unsigned = toUnsigned(fields, quantity)
  if (unsigned === undefined) return undefined
  const v = fields.yParity == null ? quantity('v') : quantity('yParity')
  // EIP-155 encodes the chain id in v.
  const yParity = v >= 35n ? (v - 35n) % 2n : v
  if (yParity > 1n) return undefined
  const signature: Signature.Recovered = {
    r: quantity('r'),
    s: quantity('s'),
    yParity: yParity === 0n ? 0 : 1,
  }
  try {
    return Transaction.serialize(unsigned, signature)
  } catch {
    return undefined
  }
}

const types = ['legacy', 'eip2930', 'eip1559'] as const

function toUnsigned(
  fields: Fields,
  quantity: (name: string) => bigint,
): Transaction.Unsigned | undefined {
  const type = types[Number(fields.type == null ? 0n : quantity('type'))]
  if (type === undefined) return undefined
  const { to, input, accessList = [] } = fields
  const v = quantity('v')
  const chainId = fields.chainId == null ? (v - 35n) / 2n : quantity('chainId')
  const fees =
    type === 'eip1559'
      ? {
          maxFeePerGas: quantity('maxFeePerGas'),
          maxPriorityFeePerGas: quantity('maxPriorityFeePerGas'),
        }
      : { gasPrice: quantity('gasPrice') }
  return {
    type,
    chainId: Number(chainId),
    nonce: quantity('nonce'),
    gas: quantity('gas'),
    value: quantity('value'),
    data: input,
    ...(to == null ? {} : { to }),
    ...(type === 'legacy' ? {} : { accessList }),
    ...fees,
  } as Transaction.Unsigned
}
