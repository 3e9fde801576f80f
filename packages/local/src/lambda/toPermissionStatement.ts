type Json = Record<string, unknown>

/** The policy statement that Lambda creates from a permission. */
export function toPermissionStatement(permission: {
  sid: string
  /** ARN with the qualifier to which the permission applies. */
  functionArn: string
  action: string
  principal: string
  sourceArn?: string | undefined
  sourceAccount?: string | undefined
  principalOrgId?: string | undefined
  eventSourceToken?: string | undefined
  functionUrlAuthType?: string | undefined
}): Json {
  const strings = {
    'AWS:SourceAccount': permission.sourceAccount,
    'aws:PrincipalOrgID': permission.principalOrgId,
    'lambda:EventSourceToken': permission.eventSourceToken,
    'lambda:FunctionUrlAuthType': permission.functionUrlAuthType,
  }
  const given = Object.entries(strings).filter(([, value]) => value)
  const Condition = {
    ...(given.length > 0 && { StringEquals: Object.fromEntries(given) }),
    ...(permission.sourceArn && {
      ArnLike: { 'AWS:SourceArn': permission.sourceArn },
    }),
  }
  return {
    Sid: permission.sid,
    Effect: 'Allow',
    Principal: toPrincipal(permission.principal),
    Action: permission.action,
    Resource: permission.functionArn,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  }
}

function toPrincipal(principal: string): Json | string {
  if (principal === '*') return '*'
  if (/^\d{12}$/.test(principal))
    return { AWS: `arn:aws:iam::${principal}:root` }
  return principal.startsWith('arn:')
    ? { AWS: principal }
    : { Service: principal }
}
