import { toColumns } from '@keyward/toolkit'

/** A signature for people. */
export function signatureText(data: {
  signature: string
  address: string
}): string {
  return toColumns([
    ['signature', data.signature],
    ['address', data.address],
  ])
}
