import { PolicyError } from '../PolicyError.js'
import { quote } from '../quote.js'
import * as Certainty from './Certainty.js'
import { type Operator, operators } from './operators.js'
import * as PolicyText from './PolicyText.js'
import type { RequestContext } from './RequestContext.js'
import type { Unseen } from './Unseen.js'

/** One key of a Condition block. All keys of the block must hold. */
export type Condition = {
  /** As written, e.g. `ForAnyValue:StringLikeIfExists`. */
  operatorName: string
  /** Undefined for an unknown operator. */
  operator: Operator | 'Null' | undefined
  quantifier: 'single' | 'any' | 'all'
  ifExists: boolean
  key: string
  values: readonly PolicyText.PolicyText[]
}

const form = /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/

/** @throws PolicyError for a value that the operator doesn't take */
export function parse(
  operatorName: string,
  key: string,
  values: readonly string[],
  hasVariables: boolean,
): Condition {
  const [, prefix, name = '', suffix] = form.exec(operatorName) ?? []
  const isNull = name === 'Null' && !prefix && !suffix
  const operator = isNull ? 'Null' : operators.get(name)
  return {
    operatorName,
    operator,
    quantifier:
      prefix === undefined
        ? 'single'
        : prefix === 'ForAnyValue'
          ? 'any'
          : 'all',
    ifExists: suffix !== undefined,
    key,
    values: values.map((value) => {
      const takesVariables = operator !== 'Null' && operator?.takesVariables
      const text = PolicyText.parse(value, hasVariables && !!takesVariables)
      const fits =
        operator === undefined ||
        (operator === 'Null'
          ? /^(?:true|false)$/i.test(value)
          : PolicyText.hasVariable(text) || operator.accepts(value))
      if (fits) return text
      throw new PolicyError(
        `${quote(value)} is not a valid value for the operator ${quote(operatorName)} (condition key ${quote(key)}).`,
      )
    }),
  }
}

/** Whether a condition holds, as far as the context shows. */
export function evaluate(
  condition: Condition,
  context: RequestContext,
): Certainty.Certainty {
  const { operator, quantifier, values } = condition
  const given = context(condition.key)
  if (operator === undefined || given === 'unknown') return 'unknown'
  if (operator === 'Null') {
    const isNull = String(isList(given) && given.length === 0)
    return Certainty.of(
      values.some(
        (value) => PolicyText.toPlain(value)?.toLowerCase() === isNull,
      ),
    )
  }
  if (!isList(given)) return evaluateUnseen(operator, values, given)
  if (given.length === 0) return evaluateMissing(condition, operator)
  const results = given.map((each) => {
    const fits = Certainty.some(
      values.map((value) => operator.test(each, value, context)),
    )
    return operator.negates ? Certainty.not(fits) : fits
  })
  if (quantifier === 'any') return Certainty.some(results)
  if (quantifier === 'all') return Certainty.all(results)
  // AWS doesn't define what several values without a quantifier mean.
  return results.length === 1 ? (results[0] ?? 'unknown') : 'unknown'
}

function evaluateMissing(
  { ifExists, quantifier }: Condition,
  { negates }: Operator,
): Certainty.Certainty {
  if (quantifier === 'all') return 'yes'
  // One AWS page says that ForAnyValue fails here, and another says that
  // IfExists holds.
  if (quantifier === 'any') return ifExists ? 'unknown' : 'no'
  return Certainty.of(ifExists || negates)
}

function evaluateUnseen(
  { negates, testUnseen }: Operator,
  values: Condition['values'],
  given: Unseen,
): Certainty.Certainty {
  const fits = Certainty.some(
    values.map((value) => {
      const text = PolicyText.toPlain(value)
      return text === undefined || testUnseen === undefined
        ? 'unknown'
        : testUnseen(given, text)
    }),
  )
  return negates ? Certainty.not(fits) : fits
}

function isList(given: readonly string[] | Unseen): given is readonly string[] {
  return Array.isArray(given)
}
