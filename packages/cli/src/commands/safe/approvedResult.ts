import { AddressField } from '@keyward/core'
import { reviewData } from '@keyward/safe'
import { toColumns } from '@keyward/toolkit'
import type { Approved } from '@keyward/toolkit/safe'
import type { Result } from '../../output/Result.js'

export function approvedResult({
  signatures,
  seen,
  out,
  owner,
}: Approved): Result {
  const { owners, threshold } = seen.state
  const signed = owners.filter((one) =>
    signatures.some((each) => each.owner === one),
  )
  const isEnough = signed.length >= threshold
  return {
    data: {
      ...reviewData(seen),
      owner,
      signed: signed.map(AddressField.toChecksum),
      ready: isEnough,
      file: out,
    },
    text: toColumns([
      ['signed by', owner],
      [
        'signatures',
        `${signed.length} of ${threshold}${isEnough ? ': it can be executed' : ''}`,
      ],
      ['proposal', out],
    ]),
  }
}
