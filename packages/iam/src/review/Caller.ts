import { anyAccount, type Principal, type Unseen } from '../policy/index.js'

/**
 * A possible caller: one that a policy names, or any unnamed caller of a kind.
 * Of an unnamed caller, only the kind is known. So no pattern in a policy can
 * slip through, as it could if examples were checked.
 */
export type Caller = {
  kind: 'root' | 'role' | 'user' | 'session' | 'service'
  /** The ARN or the service's name; undefined for unnamed callers. */
  name: string | undefined
  /** Undefined for a service, and for a caller from an unnamed account. */
  account: string | undefined
  principal: Principal
}

// Not real account ids; only patterns match them.
const noAccount = '            '
const noName = ' '

export function root(account: string, partition: string): Caller {
  const arn = `arn:${partition}:iam::${account}:root`
  return { kind: 'root', name: arn, account, principal: { arn, account } }
}

/** Undefined for any other ARN, and for a pattern of ARNs. */
export function named(arn: string): Caller | undefined {
  const match =
    /^arn:(aws[a-z-]*):(iam|sts)::(\d{12}):(role|user|assumed-role|federated-user|root)(?:\/([^*?]+))?$/.exec(
      arn,
    )
  const [, partition, , account, type, path] = match ?? []
  if (!partition || !account || !type) return undefined
  if (type === 'root') return root(account, partition)
  if (!path) return undefined
  const base = { name: arn, account }
  if (type === 'user')
    return { ...base, kind: 'user', principal: { arn, account } }
  if (type === 'role')
    return { ...base, kind: 'role', principal: roleSession(arn, path, account) }
  return { ...base, kind: 'session', principal: { arn, account } }
}

/**
 * A role that acts in a session. A policy can allow or deny something to the
 * role, or only to the session.
 */
export function inSession(role: Caller, sessionArn: string): Caller {
  return { ...role, principal: { ...role.principal, arn: sessionArn } }
}

export function service(name: string): Caller {
  return {
    kind: 'service',
    name,
    account: undefined,
    principal: { arn: name, account: noAccount, service: name },
  }
}

/** Any role or user of an account, whether named or not. */
export function unnamed(
  kind: 'role' | 'user',
  account: string | undefined,
  partition: string,
): Caller {
  const id = account ?? noAccount
  const arn = `arn:${partition}:iam::${id}:${kind}/${noName}`
  const principal =
    kind === 'role' ? roleSession(arn, noName, id) : { arn, account: id }
  return { kind, name: undefined, account, principal }
}

export function unnamedService(): Caller {
  const arn = `${noName}.amazonaws.com`
  return {
    kind: 'service',
    name: undefined,
    account: undefined,
    principal: { arn, account: noAccount, service: arn },
  }
}

/** Roles act only in sessions, and some policies distinguish the two. */
function roleSession(roleArn: string, path: string, account: string) {
  const [, partition] = roleArn.split(':')
  const name = path.slice(path.lastIndexOf('/') + 1)
  return {
    arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${noName}`,
    account,
    roleArn,
  }
}

/** A caller's `aws:PrincipalArn` in IAM, as far as it is known. */
export function principalArn(caller: Caller): string | Unseen | undefined {
  const { kind, name, principal } = caller
  if (kind === 'service') return undefined
  if (name === undefined) {
    const [, partition] = principal.arn.split(':')
    const account = caller.account ?? anyAccount
    return { pattern: `arn:${partition}:iam::${account}:${kind}/*` }
  }
  if (kind !== 'session') return name
  // A federated user has its own ARN. A role's session has the role's ARN,
  // whose path the session's ARN doesn't show.
  const role = /:assumed-role\/([^/]+)\//.exec(name)?.[1]
  if (role === undefined) return name
  const [, partition] = name.split(':')
  return {
    pattern: `arn:${partition}:iam::${caller.account}:role/*${role}`,
    mayBeWritten: true,
  }
}
