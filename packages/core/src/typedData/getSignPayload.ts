import type { Hex } from 'ox/Hex'
import * as OxTypedData from 'ox/TypedData'
import { BaseError } from '../errors/BaseError.js'
import * as DomainType from '../parse/DomainType.js'
import * as Quote from '../parse/Quote.js'

/** EIP-712 typed data with the field names of viem and ethers. */
export type TypedData = {
  domain?: Readonly<Record<string, unknown>> | undefined
  types: Readonly<
    Record<string, readonly { readonly name: string; readonly type: string }[]>
  >
  primaryType: string
  message: Readonly<Record<string, unknown>>
}

/** The 32 bytes to sign, as hex. @throws InvalidTypedDataError */
export function getSignPayload(typedData: TypedData): Hex {
  assertDomainIsSigned(typedData)
  try {
    OxTypedData.assert(typedData as never)
    return OxTypedData.getSignPayload(typedData as never)
  } catch {
    // ox quotes the offending value, which may be a misplaced secret.
    throw new InvalidTypedDataError()
  }
}

/**
 * If the types don't declare EIP712Domain, ox and viem don't sign an empty
 * version or a chain id given as a string; ethers does. If a chain id is shown
 * but not signed, the signature is valid on every chain. A chain id that is
 * declared as a string is signed, but no contract hashes it that way, and the
 * code that checks the domain does not recognize it.
 */
function assertDomainIsSigned({ domain, types }: TypedData): void {
  const declared =
    types?.EIP712Domain ?? OxTypedData.extractEip712DomainTypes(domain ?? {})
  for (const { name, type } of declared) {
    const allowed = DomainType.typeOf(name) ?? type
    if (type !== allowed)
      throw new InvalidTypedDataError(
        'a field of EIP712Domain has the wrong type',
        `EIP712Domain declares ${name} as ${Quote.name(type)}; allowed: ${allowed}.`,
      )
  }
  for (const [field, value] of Object.entries(domain ?? {}))
    if (value !== undefined && !declared.some(({ name }) => name === field))
      throw new InvalidTypedDataError(
        'a field of its domain would not be signed',
        `The domain has ${Quote.name(field)}, but its types don't declare it. Leave it out, or declare it in types as a field of EIP712Domain. Without that declaration, chainId must be a number and version must not be empty.`,
      )
}

/** The data doesn't match its types, or the types are incomplete. */
export class InvalidTypedDataError extends BaseError {
  constructor(
    reason = 'it does not match its types',
    details = 'Each field of the message must have a value of its type; types, primaryType and message are required.',
  ) {
    super('invalid-typed-data', `Not valid EIP-712 typed data: ${reason}.`, {
      details,
    })
    this.name = 'InvalidTypedDataError'
  }
}
