import type { ChildProcess } from 'node:child_process'
import { systemRuntime } from '../../../packages/core/src/rpc/Runtime.js'
import { createWindows } from '../../../packages/guard/src/windows/createWindows.js'
import { createStore } from '../../../packages/guard/src/windows/memory/createStore.js'
import type { Store } from '../../../packages/guard/src/windows/Store.js'

type Call = {
  number: number
  operation: 'get' | 'list' | 'create' | 'replace' | 'update'
  args: unknown[]
}

/** A table in this process's memory that its children call. */
export function openMemoryTable(now: () => number) {
  const store = createStore(now)
  const writtenAt = new Map<string, number>()
  return {
    options: undefined,
    writtenAt,
    newWindows: () => createWindows(store, systemRuntime),
    async answer(
      { number, operation, args }: Call,
      child: ChildProcess,
    ): Promise<void> {
      const call = store[operation] as (
        ...args: unknown[]
      ) => ReturnType<Store['update']>
      const answer = await call(...args)
      const [, { set = [] } = {}] = args as [unknown, { set?: [][] }?]
      if (operation === 'update' && answer.value)
        for (const [, text] of set as unknown[][])
          if (typeof text === 'string' && text.startsWith('+ '))
            writtenAt.set(text.split(' ')[1]!, answer.at)
      child.send({ number, answer }, () => {})
    },
    /** What is reserved still, of each item. */
    async readOpen(): Promise<object[]> {
      const { value } = await store.list('windows')
      return value.map(({ item }) => item.open as object)
    },
    async drain() {},
    async close() {},
  }
}
