import * as Certainty from './Certainty.js'
import { type Operator, operators } from './operators.js'
import * as PolicyText from './PolicyText.js'
import type { RequestContext } from './RequestContext.js'

/** One key of a Condition block: all of them must hold. */
export type Condition = {
  /** As written, e.g. `ForAnyValue:StringLikeIfExists`. */
  operatorName: string
  /** Undefined for an operator this home does not know. */
  operator: Operator | 'Null' | undefined
  quantifier: 'single' | 'any' | 'all'
  ifExists: boolean
  key: string
  values: readonly PolicyText.PolicyText[]
}

const form = /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/

/** @throws SyntaxError for a value the operator can't have. */
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
      throw new SyntaxError(
        `${JSON.stringify(value.slice(0, 80))} is no value for ${operatorName} of ${key}.`,
      )
    }),
  }
}

export function evaluate(
  condition: Condition,
  context: RequestContext,
): Certainty.Certainty {
  const { operator, quantifier, values } = condition
  const given = context(condition.key)
  if (operator === undefined || given === 'unknown') return 'unknown'
  const lookUp = (key: string) => {
    const found = context(key)
    return found !== 'unknown' && found.length === 1 ? found[0] : undefined
  }
  if (operator === 'Null') {
    const isNull = String(given.length === 0)
    const texts = values.map((value) => PolicyText.toText(value, lookUp))
    return Certainty.of(texts.some((text) => text?.toLowerCase() === isNull))
  }
  if (given.length === 0) {
    if (condition.ifExists || quantifier === 'all') return 'yes'
    return Certainty.of(quantifier === 'single' && operator.negates)
  }
  const results = given.map((each) => {
    const fits = Certainty.some(
      values.map((value) => Certainty.of(operator.test(each, value, lookUp))),
    )
    return operator.negates ? Certainty.not(fits) : fits
  })
  if (quantifier === 'any') return Certainty.some(results)
  if (quantifier === 'all') return Certainty.all(results)
  // Several values without a quantifier: AWS leaves open what that means.
  return results.length === 1 ? (results[0] ?? 'unknown') : 'unknown'
}
