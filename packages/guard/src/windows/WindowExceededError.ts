import { BaseError } from '@keyward/core'
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
    const of = Object.entries(scope)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ` ${name} ${value}`)
      .join(',')
    const left =
      spent === undefined ? '' : `, of which ${spent} is already spent`
    super(
      'window-exceeded',
      `The window ${window.id} (${window.asset} per ${window.length}${of && `, for${of}`}) allows ${window.limit}${left}, but the request needs ${came}.`,
      {
        details:
          freeAt === undefined
            ? 'The window never allows that much at once.'
            : `That much is free again at ${new Date(freeAt).toISOString()} if nothing else is spent.`,
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
