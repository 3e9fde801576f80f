import { AddressField, Problems } from '@keyward/core'

/** A message for signing in to a site (EIP-4361). */
export type SignIn = {
  readonly domain: string
  readonly uri: string
  readonly chain: bigint
  readonly nonce: string
  /** In ms since 1970. */
  readonly expires: number | undefined
}

const date = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)`
const form = new RegExp(
  String.raw`^(?<scheme>[a-z][a-z0-9+.-]*://)?(?<domain>[!-~]+) wants you to sign in with your Ethereum account:\n` +
    String.raw`(?<address>0x[0-9a-fA-F]{40})\n\n` +
    String.raw`(?:(?:[^\p{Cc}\p{Zl}\p{Zp}]+)\n\n|\n)?` +
    String.raw`URI: (?<uri>[!-~]+)\n` +
    String.raw`Version: 1\n` +
    String.raw`Chain ID: (?<chain>0|[1-9]\d{0,17})\n` +
    String.raw`Nonce: (?<nonce>[a-zA-Z0-9]{8,})\n` +
    `Issued At: (?<issuedAt>${date})` +
    String.raw`(?:\nExpiration Time: (?<expires>${date}))?` +
    String.raw`(?:\nNot Before: (?<notBefore>${date}))?` +
    String.raw`(?:\nRequest ID: (?<requestId>[!-~]*))?` +
    String.raw`(?:\nResources:(?<resources>(?:\n- [!-~]+)*))?$`,
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
  const [, expires] = times
  if (address === undefined || times.some((time) => Number.isNaN(time)))
    return undefined
  return {
    domain: groups.domain ?? '',
    uri: groups.uri ?? '',
    chain: BigInt(groups.chain ?? 0),
    nonce: groups.nonce ?? '',
    expires,
  }
}
