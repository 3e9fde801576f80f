/** What matters of a key besides its policy. */
export type KeyFacts = {
  arn: string
  partition: string
  account: string
  region: string
  origin: string
  multiRegion: boolean
}

/** @param arn - Of a key, as KMS writes it. */
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
