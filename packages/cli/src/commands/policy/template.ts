import { Argument } from 'commander'
import type { Input } from '../../program/Input.js'

/** The same as `templates` in @keyward/guard; a test compares them. */
const names = [
  'payouts',
  'bridge-relayer',
  'treasury',
  'trading-desk',
  'agent',
] as const

type TemplateName = (typeof names)[number]

/** Listed here, so that the help doesn't load the evaluator. */
export const template: Input<TemplateName> = {
  declared: new Argument('<template>', 'the template to use').choices(names),
  read: (typed) => typed as TemplateName,
}
