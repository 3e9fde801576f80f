import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomicSync } from '../store/atomicFile.js'
import type { JsonObject } from './Json.js'

/** An event of a stack or of one of its resources. */
export type StackEvent = {
  eventId: string
  logicalId: string
  physicalId: string
  type: string
  /** Milliseconds since 1970. */
  at: number
  status: string
  reason?: string
  properties?: JsonObject
  /** The token of the operation's request. */
  requestToken?: string
  /** Id of the operation, which all its events share. */
  operationId?: string
}

export type EventLog = {
  /** The events, oldest first. */
  list(stackId: string): readonly StackEvent[]
  add(stackId: string, event: Omit<StackEvent, 'eventId' | 'at'>): StackEvent
  remove(stackId: string): void
}

// The limit per stack. The oldest events are dropped first.
const maxEvents = 4000

/**
 * The events of stacks. Each stack has its own file, with one event per line.
 */
export function createEventLog(folder: string): EventLog {
  const logs = new Map<string, StackEvent[]>()
  const pathOf = (stackId: string) =>
    join(folder, `${stackId.split('/').at(-1)}.events`)
  const read = (stackId: string): StackEvent[] => {
    const known = logs.get(stackId)
    if (known) return known
    const path = pathOf(stackId)
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const events = text.split('\n').flatMap((line): StackEvent[] => {
      try {
        return line === '' ? [] : [JSON.parse(line)]
      } catch {
        // A kill cut off the last line.
        return []
      }
    })
    if (text !== '' && !text.endsWith('\n')) write(stackId, events)
    logs.set(stackId, events)
    return events
  }
  const write = (stackId: string, events: readonly StackEvent[]) =>
    writeFileAtomicSync(
      pathOf(stackId),
      events.map((each) => `${JSON.stringify(each)}\n`).join(''),
    )
  return {
    list: read,
    add(stackId, given) {
      const events = read(stackId)
      const last = events.at(-1)?.at ?? 0
      const event: StackEvent = {
        ...given,
        eventId: `${given.logicalId}-${randomUUID()}`,
        // No two events have the same time, so that their times determine their
        // order.
        at: Math.max(Date.now(), last + 1),
      }
      events.push(event)
      if (events.length > maxEvents) {
        events.splice(0, maxEvents / 2)
        write(stackId, events)
      } else
        appendFileSync(pathOf(stackId), `${JSON.stringify(event)}\n`, {
          mode: 0o600,
        })
      return event
    },
    remove(stackId) {
      rmSync(pathOf(stackId), { force: true })
      logs.delete(stackId)
    },
  }
}
