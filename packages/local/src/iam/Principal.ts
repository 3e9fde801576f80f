/** Who sent a request: found by its access key. */
export type Principal = {
  /** For example `arn:aws:iam::000000000000:user/operator`. */
  arn: string
  account: string
}
