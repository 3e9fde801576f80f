import { AddressField, type Hex, Problems } from '@keyward/core'

/** A message for signing in to a site (EIP-4361). */
export type SignIn = {
  readonly domain: string
  readonly address: Hex
  readonly statement: string | undefined
  readonly uri: string
  readonly chain: bigint
  readonly nonce: string
  /** In ms since 1970. */
  readonly expires: number | undefined
  readonly notBefore: number | undefined
}

const date = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)`
const form = new RegExp(
  String.raw`^(?:[a-z][a-z0-9+.-]*://)?(?<domain>[!-~]+) wants you to sign in with your Ethereum account:
(?<address>0x[0-9a-fA-F]{40})

(?:(?<statement>[^\p{Cc}\p{Zl}\p{Zp}]+)

|
)?URI: (?<uri>[!-~]+)
Version: 1
Chain ID: (?<chain>0|[1-9]\d{0,17})
Nonce: (?<nonce>[a-zA-Z0-9]{8,})
Issued At: (?<issuedAt>${date})(?:
Expiration Time: (?<expires>${date}))?(?:
Not Before: (?<notBefore>${date}))?(?:
Request ID: [!-~]*)?(?:
Resources:(?:
- [!-~]+)*)?$`,
  'u',
)

/** @returns undefined for other texts, even similar ones */
export function readSignIn(text: string): SignIn | undefined {
  const groups = form.exec(text)?.groups
  if (groups === undefined) return undefined
  const address = AddressField.parse(
    groups.address,
    'address',
    Problems.create('message'),
  )
  const times = ['issuedAt', 'expires', 'notBefore'].map((name) =>
    groups[name] === undefined ? undefined : Date.parse(groups[name]),
  )
  const [, expires, notBefore] = times
  if (address === undefined || times.some((time) => Number.isNaN(time)))
    return undefined
  return {
    domain: groups.domain ?? '',
    address: address.toLowerCase() as Hex,
    statement: groups.statement,
    uri: groups.uri ?? '',
    chain: BigInt(groups.chain ?? 0),
    nonce: groups.nonce ?? '',
    ...{ expires, notBefore },
  }
}
