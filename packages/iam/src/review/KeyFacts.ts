/** Facts about a key that the review needs besides its policy. */
export type KeyFacts = {
  arn: string
  partition: string
  account: string
  region: string
  /** Undefined if the caller isn't allowed to see it. */
  origin: string | undefined
  multiRegion: boolean
}

/** @param arn - ARN of a key, as KMS returns it. */
export function fromArn(
  arn: string,
  more: Pick<KeyFacts, 'origin' | 'multiRegion'>,
): KeyFacts {
  const [, partition = '', , region = '', account = ''] = arn.split(':')
  return { arn, partition, account, region, ...more }
}

export function rootArn({ partition, account }: KeyFacts): string {
  return `arn:${partition}:iam::${account}:root`
}
