import { anyAccount, type Question, type Unseen } from '../policy/index.js'
import * as Caller from './Caller.js'
import type { KeyFacts } from './KeyFacts.js'
import * as ResourceRequest from './ResourceRequest.js'

/** One request: the caller, the operation and the key. */
export type Situation = {
  caller: Caller.Caller
  request: ResourceRequest.ResourceRequest
  key: KeyFacts
}

/**
 * The situation as a question to the policies. The origin, time and tags of a
 * request are unknown here.
 */
export function toQuestion(situation: Situation): Question {
  const { caller, request, key } = situation
  return {
    principal: caller.principal,
    action: `${request.service ?? 'kms'}:${request.action}`,
    resource: key.arn,
    context: (name) => valuesOf(name.toLowerCase(), situation),
  }
}

function valuesOf(
  key: string,
  { caller, request, key: facts }: Situation,
): readonly string[] | Unseen | 'unknown' {
  const isService = caller.kind === 'service'
  switch (key) {
    case 'aws:principalarn': {
      const arn = Caller.principalArn(caller)
      return arn === undefined ? [] : typeof arn === 'string' ? [arn] : arn
    }
    case 'aws:principalaccount':
      if (isService) return []
      return accountOf(caller)
    case 'kms:calleraccount':
      return isService ? 'unknown' : accountOf(caller)
    case 'aws:principalisawsservice':
      return [String(isService)]
    case 'aws:principalservicename':
      if (!isService) return []
      return caller.name === undefined ? 'unknown' : [caller.name]
    case 'aws:principalservicenameslist':
      return isService ? 'unknown' : []
    case 'aws:principaltype':
      return (
        { root: ['Account'], user: ['User'], role: ['AssumedRole'] }[
          caller.kind as string
        ] ?? 'unknown'
      )
    case 'aws:username':
      if (caller.kind !== 'user')
        return caller.kind === 'session' ? 'unknown' : []
      return caller.name === undefined
        ? 'unknown'
        : [caller.name.slice(caller.name.lastIndexOf('/') + 1)]
    case 'aws:requestedregion':
      return [facts.region]
    case 'aws:resourceaccount':
      return [facts.account]
    case 'kms:keyspec':
    case 'kms:customermasterkeyspec':
      return ['ECC_SECG_P256K1']
    case 'kms:keyusage':
    case 'kms:customermasterkeyusage':
      return ['SIGN_VERIFY']
    case 'kms:keyorigin':
      return facts.origin === undefined ? 'unknown' : [facts.origin]
    case 'kms:multiregion':
      return [String(facts.multiRegion)]
    default:
      return key.startsWith('kms:')
        ? ResourceRequest.lookUp(request, key)
        : 'unknown'
  }
}

function accountOf({ account }: Caller.Caller): readonly string[] | Unseen {
  return account === undefined ? { pattern: anyAccount } : [account]
}
