import { actions } from './cases/actions.js'
import { documents } from './cases/documents.js'
import { evaluation } from './cases/evaluation.js'
import type { Fact } from './cases/Fact.js'
import { notPrincipals } from './cases/notPrincipals.js'
import { callers, presence } from './cases/presence.js'
import { principals } from './cases/principals.js'
import { resources } from './cases/resources.js'
import { sets } from './cases/sets.js'
import { arns, strings } from './cases/strings.js'
import { typed } from './cases/typed.js'
import { variables } from './cases/variables.js'

/**
 * AWS's documentation of policies as questions and answers. They are derived
 * from the documentation, so that the evaluator is not measured against its own
 * answers.
 */
export const facts: Readonly<Record<string, readonly Fact[]>> = {
  'the evaluation': evaluation,
  Principal: principals,
  NotPrincipal: notPrincipals,
  'Action and NotAction': actions,
  'Resource and NotResource': resources,
  strings,
  ARNs: arns,
  'other types': typed,
  'missing keys': presence,
  'set operators': sets,
  variables,
  'who calls': callers,
  documents,
}
