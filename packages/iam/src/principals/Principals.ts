/** Name of the stack that every local home has. */
export const stackName = 'keyward-dev'

const paths: Record<string, string> = {
  operator: 'user/operator',
  admin: `role/${stackName}-admin`,
  user: `role/${stackName}-user`,
  importer: `role/${stackName}-importer`,
  'break-glass': `role/${stackName}-break-glass`,
  root: 'root',
}

/** Short names of the principals that every home has. */
export const names: readonly string[] = Object.keys(paths)

export function arns(accountId: string): string[] {
  return names.map((name) => toArn(name, accountId))
}

/** The ARN of a short name; anything else is returned unchanged. */
export function toArn(as: string, accountId: string): string {
  const path = Object.hasOwn(paths, as) ? paths[as] : undefined
  return path === undefined ? as : `arn:aws:iam::${accountId}:${path}`
}

/** `arn:aws:iam::<account>:role/R` -> `arn:aws:sts::<account>:assumed-role/R/S`. */
export function toSessionArn(roleArn: string, sessionName: string): string {
  const match = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(
    roleArn,
  )
  if (!match) throw new TypeError(`${roleArn} is not the ARN of a role.`)
  const [, partition, account, role] = match
  return `arn:${partition}:sts::${account}:assumed-role/${role}/${sessionName}`
}
