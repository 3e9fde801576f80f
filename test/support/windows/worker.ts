// A process of its own, to be killed and put to sleep: callers that reserve,
// commit and hand out, one request after the other.
import { systemRuntime } from '@keyward/core/rpc'
import { createWindows as createWindowsOn } from '../../../packages/guard/src/windows/createWindows.js'
import { createWindows } from '../../../packages/guard/src/windows/dynamodb/createWindows.js'
import type { Charge } from '../../../packages/guard/src/windows/index.js'
import type { Store } from '../../../packages/guard/src/windows/Store.js'
import { toKinds } from './kinds.js'
import type { WindowWorkerSettings } from './startWindowWorker.js'

const tell = (message: object) => process.send?.(message)
process.on('disconnect', () => process.exit(0))

process.once('message', (settings: WindowWorkerSettings) => {
  const { options, name, callers } = settings
  const windows =
    options === undefined
      ? createWindowsOn(createRemoteStore(), systemRuntime)
      : createWindows(options)
  const kinds = toKinds()
  let count = 0

  async function request(handed: Map<string, Charge[]>) {
    const random = Math.random()
    const repeated = random < 0.1 ? [...handed].at(-1) : undefined
    const kind = kinds[Math.floor(Math.random() * kinds.length)]!
    const id = repeated?.[0] ?? `${name}-${count++}`
    const charges = repeated?.[1] ?? kind()
    const reservation = await windows.reserve({ id, charges, ttlMs: 900_000 })
    if (random > 0.95) return windows.giveBack(reservation)
    const { settle } = await windows.commit(reservation)
    if (random > 0.9) return windows.release(id)
    if (repeated === undefined) {
      const reserved = reservation.reserved.map(({ at, entry: { token } }) => ({
        ...{ at, token },
      }))
      tell({ handed: { id, reserved, charges: charges.map(toMessage) } })
      handed.set(id, charges)
    }
    if (random > 0.2) await settle()
  }

  async function call() {
    const handed = new Map<string, Charge[]>()
    for (;;)
      try {
        await request(handed)
        tell({ done: 'allowed' })
      } catch (error) {
        tell({ done: (error as { code?: string }).code ?? String(error) })
      }
  }
  for (let n = 0; n < callers; n++) void call()
  tell({ ready: true })
})

function toMessage({ window, scope, amount }: Charge) {
  return { window: window.id, scope, amount: String(amount) }
}

/** The parent's. */
function createRemoteStore(): Store {
  const asked = new Map<number, (answer: unknown) => void>()
  process.on('message', ({ number, answer }: Answered) => {
    asked.get(number)?.(answer)
    asked.delete(number)
  })
  let count = 0
  const ask =
    (operation: string) =>
    (...args: unknown[]) =>
      new Promise<never>((resolve) => {
        const number = count++
        asked.set(number, resolve as (answer: unknown) => void)
        tell({ call: { number, operation, args } })
      })
  return {
    host: 'parent',
    get: ask('get'),
    list: ask('list'),
    create: ask('create'),
    replace: ask('replace'),
    update: ask('update'),
  }
}

type Answered = { number: number; answer: unknown }
