import { Argument } from 'commander'
import type { Input } from '../../program/Input.js'

/** The same list as `templates` in @keyward/guard. A test compares the two. */
const names = [
  'payouts',
  'bridge-relayer',
  'treasury',
  'trading-desk',
  'agent',
] as const

type TemplateName = (typeof names)[number]

/** The names are repeated here so that the help doesn't load the evaluator. */
export const template: Input<TemplateName> = {
  declared: new Argument('<template>', 'the template to use').choices(names),
  read: (typed) => typed as TemplateName,
}
