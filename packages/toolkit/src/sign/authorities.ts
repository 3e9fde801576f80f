import { AddressField, Problems } from '@keyward/core'

/**
 * `sign authorization` prints the signer as `authority`, which is not a field
 * of an authorization. This removes it for comparison with the actual signer.
 */
export function takeAuthorities(value: unknown): {
  json: unknown
  authorities: readonly unknown[]
} {
  const { authorizationList: list } = Object(value)
  if (!Array.isArray(list)) return { json: value, authorities: [] }
  const authorizationList = list.map((item) => {
    if (typeof item !== 'object' || item === null) return item
    const { authority: _, ...authorization } = item
    return authorization
  })
  return {
    json: { ...Object(value), authorizationList },
    authorities: list.map((item) => Object(item).authority),
  }
}

/** @throws InvalidRequestError if another account signed */
export function assertAuthorities(
  authorities: readonly unknown[],
  signers: readonly (string | undefined)[],
): void {
  const problems = Problems.create('transaction')
  for (const [index, authority] of authorities.entries()) {
    if (authority === undefined) continue
    const path = `authorizationList[${index}].authority`
    const named = AddressField.parse(authority, path, problems)
    const signer = signers[index]
    if (named !== undefined && named !== signer?.toLowerCase())
      problems.wrong(
        path,
        authority,
        signer === undefined
          ? 'no address, because no account made this signature'
          : `${signer}, which signed this authorization`,
      )
  }
  problems.assertNone()
}
