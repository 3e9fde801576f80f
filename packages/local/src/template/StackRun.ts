import { randomUUID } from 'node:crypto'
import type { JsonObject } from './Json.js'
import type { Made, Place, StackHome } from './ResourceType.js'
import type { Assembly } from './readAssembly.js'
import type { StackState, StackStore } from './StackState.js'
import type { StackStatus } from './StackStatus.js'

/** The context of an operation on a stack. */
export type StackRun = {
  home: StackHome
  store: StackStore
  state(): StackState
  /**
   * Saves the state, with the current resource marked as done. It is on disk
   * once this returns.
   */
  save(change: Partial<StackState>): void
  /** A snapshot belongs to a single change. The next change takes its own. */
  forgetBefore(): void
  /** Changes the stack's status and records an event. */
  enter(status: StackStatus, reason?: string): void
  /** Records a resource event. */
  tell(
    resource: { logicalId: string; type: string; physicalId?: string },
    status: string,
    more?: { reason?: string | undefined; properties?: JsonObject },
  ): void
  /** Receives progress lines for users. */
  say(line: string): void
  placeOf(logicalId: string, made: Made): Place
}

export declare namespace createStackRun {
  type Parameters = {
    store: StackStore
    home: StackHome
    state: StackState
    asset?: Assembly['asset']
    onEvent?: ((event: string) => void) | undefined
    /** Token of the operation's request. */
    requestToken?: string | undefined
  }
}

/** Begins an operation on a stack, without writing anything yet. */
export function createStackRun(
  parameters: createStackRun.Parameters,
): StackRun {
  const { store, home, requestToken, onEvent = () => {} } = parameters
  const asset = parameters.asset ?? (() => undefined)
  const operationId = randomUUID()
  let { state } = parameters
  const token = requestToken === undefined ? {} : { requestToken }
  const save = (change: Partial<StackState>) => {
    const { making: _, changing: __, ...rest } = state
    state = { ...rest, ...change }
    store.save(state)
  }
  return {
    home,
    store,
    state: () => state,
    save,
    forgetBefore() {
      const { before: _, ...rest } = state
      state = rest
      store.save(state)
    },
    enter(status, reason) {
      const { statusReason: _, ...rest } = state
      state = {
        ...rest,
        status,
        ...(reason !== undefined && { statusReason: reason }),
      }
      store.save(state)
      store.events.add(state.id, {
        logicalId: state.name,
        physicalId: state.id,
        type: 'AWS::CloudFormation::Stack',
        status,
        ...(reason !== undefined && { reason }),
        ...token,
        operationId,
      })
    },
    tell({ logicalId, type, physicalId = '' }, status, more = {}) {
      const { reason, properties } = more
      store.events.add(state.id, {
        logicalId,
        physicalId,
        type,
        status,
        ...(reason !== undefined && { reason }),
        ...(properties && { properties }),
        ...token,
        operationId,
      })
    },
    say: (line) => onEvent(`${state.name}: ${line}`),
    placeOf: (logicalId, made) => ({
      stackName: state.name,
      logicalId,
      generatedName: made.generatedName,
      home,
      asset,
    }),
  }
}
