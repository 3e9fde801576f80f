import { BaseError } from '@keyward/core'
import { formatPeriod } from './formatPeriod.js'
import type { Scope, Window } from './Window.js'

/** A window has less left than the request needs. */
export class WindowExceededError extends BaseError {
  readonly window: Window
  readonly scope: Scope
  /** The requested amount, in the asset's smallest unit. */
  readonly came: bigint
  /** The amount already counted; undefined if it was not read. */
  readonly spent: bigint | undefined
  /** When the amount becomes free, in ms since 1970; undefined means never. */
  readonly freeAt: number | undefined

  constructor(parameters: {
    window: Window
    scope: Scope
    came: bigint
    spent: bigint | undefined
    freeAt: number | undefined
  }) {
    const { window, scope, came, spent, freeAt } = parameters
    const { id, asset, length, limit } = window
    const of = Object.entries(scope)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `the ${name} "${value}"`)
      .join(' and ')
    const counted =
      spent === undefined
        ? ''
        : `, but ${spent} has already been counted toward this limit`
    super(
      'window-exceeded',
      `The window "${id}" allows ${limit} ${formatPeriod(length)}${of && ` for ${of}`}, counted in ${unitOf(asset)}. The request needs ${came}${counted}.`,
      {
        details:
          freeAt === undefined
            ? 'The window never allows that much at once.'
            : `The request will fit from ${new Date(freeAt).toISOString()} if nothing else is spent.`,
      },
    )
    this.name = 'WindowExceededError'
    this.window = window
    this.scope = scope
    this.came = came
    this.spent = spent
    this.freeAt = freeAt
  }
}

/** The unit of a window's amounts. */
function unitOf(asset: string): string {
  if (asset === 'requests') return asset
  return asset === 'native' ? 'wei' : `the smallest unit of ${asset}`
}
