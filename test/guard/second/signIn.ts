import { checksumAddress, type Hex } from 'viem'

export type SignIn = {
  domain: string
  uri: string
  nonce: string
  chain: bigint
  /** In seconds. */
  deadline: bigint
}

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)`
const form = new RegExp(
  String.raw`^(?:[a-z][a-z0-9+.-]*://)?([!-~]+) wants you to sign in with your Ethereum account:
(0x[0-9a-fA-F]{40})

(?:[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+

|
)?URI: ([!-~]+)
Version: 1
Chain ID: (0|[1-9]\d{0,17})
Nonce: ([A-Za-z0-9]{8,})
Issued At: (${time})(?:
Expiration Time: (${time}))?(?:
Not Before: (${time}))?(?:
Request ID: [!-~]*)?(?:
Resources:(?:
- [!-~]+)*)?$`,
)

/** A text in the form of EIP-4361, to the last character. */
export function readSignIn(text: string): SignIn | undefined {
  const found = form.exec(text)
  if (!found) return undefined
  const [, domain, address, uri, chain, nonce, issued, expires, begins] = found
  for (const one of [issued, expires, begins])
    if (one !== undefined && Number.isNaN(Date.parse(one))) return undefined
  if (
    address !== address!.toLowerCase() &&
    checksumAddress(address as Hex) !== address
  )
    return undefined
  return {
    domain: domain!,
    uri: uri!,
    nonce: nonce!,
    chain: BigInt(chain!),
    deadline:
      expires === undefined
        ? 2n ** 256n - 1n
        : BigInt(Math.ceil(Date.parse(expires) / 1000)),
  }
}
