import { Certainty, Condition } from '../policy/index.js'
import * as Caller from './Caller.js'
import { covers, intersect } from './globs.js'
import type { KeyFacts } from './KeyFacts.js'
import * as Probe from './Probe.js'

/** One request: who asks for what of which key. */
export type Situation = {
  caller: Caller.Caller
  probe: Probe.Probe
  key: KeyFacts
}

/**
 * Whether a condition holds. Where a request comes from, when, and what tags
 * it brings is not known here: such a condition is `unknown`.
 */
export function evaluateCondition(
  condition: Condition.Condition,
  situation: Situation,
): Certainty.Certainty {
  const { caller } = situation
  const pattern = patternOf(condition.key.toLowerCase(), caller)
  if (pattern !== undefined)
    return evaluatePattern(condition, pattern, caller.account === undefined)
  return Condition.evaluate(condition, (key) =>
    valuesOf(key.toLowerCase(), situation),
  )
}

/** What a value is known to fit, where it isn't known itself. */
function patternOf(key: string, caller: Caller.Caller): string | undefined {
  if (key === 'aws:principalarn') {
    const arn = Caller.principalArn(caller)
    return arn !== undefined && /[*?]/.test(arn) ? arn : undefined
  }
  const isAccount = ['aws:principalaccount', 'kms:calleraccount'].includes(key)
  if (isAccount && caller.kind !== 'service' && caller.account === undefined)
    return '????????????'
  return undefined
}

function evaluatePattern(
  { operator, operatorName, values }: Condition.Condition,
  pattern: string,
  isOfNoNamedAccount: boolean,
): Certainty.Certainty {
  if (operator === undefined) return 'unknown'
  const texts = values.map((value) => {
    const [part, ...more] = value
    return part?.type === 'pattern' && more.length === 0 ? part.text : undefined
  })
  // The key is in the request, whatever its value.
  if (operator === 'Null')
    return Certainty.of(texts.some((text) => text?.toLowerCase() === 'false'))
  const fits = Certainty.some(
    texts.map((text) =>
      isOfNoNamedAccount && /^([^:]*:){4}\d{12}:/.test(text ?? '')
        ? 'no'
        : fit(operatorName, text, pattern),
    ),
  )
  return operator.negates ? Certainty.not(fits) : fits
}

function fit(
  operatorName: string,
  text: string | undefined,
  pattern: string,
): Certainty.Certainty {
  if (text === undefined) return 'unknown'
  if (/IgnoreCase/.test(operatorName))
    return intersect(text.toLowerCase(), pattern.toLowerCase())
      ? 'unknown'
      : 'no'
  const takesWildcards = /Arn|Like/.test(operatorName)
  if (!takesWildcards && !/String/.test(operatorName)) return 'unknown'
  // What is written out is looked at by its own name, but for a role's
  // session, whose role's path isn't known.
  if (!takesWildcards || !/[*?]/.test(text))
    return /\/\*./.test(pattern) && intersect(text, pattern) ? 'unknown' : 'no'
  if (covers(text, pattern)) return 'yes'
  return intersect(text, pattern) ? 'unknown' : 'no'
}

function valuesOf(
  key: string,
  { caller, probe, key: facts }: Situation,
): readonly string[] | 'unknown' {
  const isService = caller.kind === 'service'
  switch (key) {
    case 'aws:principalarn': {
      const arn = Caller.principalArn(caller)
      return arn === undefined ? [] : [arn]
    }
    case 'aws:principalaccount':
      return caller.account === undefined ? [] : [caller.account]
    case 'kms:calleraccount':
      return caller.account === undefined ? 'unknown' : [caller.account]
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
      return [facts.origin]
    case 'kms:multiregion':
      return [String(facts.multiRegion)]
    default:
      return key.startsWith('kms:') ? Probe.lookUp(probe, key) : 'unknown'
  }
}
