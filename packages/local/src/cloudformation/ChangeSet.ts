import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  readJsonSync,
  syncFolder,
  temporarySuffix,
  writeFileAtomicSync,
} from '../store/atomicFile.js'
import type { PlannedChange } from '../template/rehearse.js'
import type { StackSource } from '../template/StackState.js'

/** A planned change that is waiting to be executed. */
export type ChangeSet = {
  /** ARN. */
  id: string
  name: string
  stackId: string
  type: 'CREATE' | 'UPDATE'
  status: 'CREATE_COMPLETE' | 'FAILED'
  statusReason?: string
  /** The reasons why the change set failed. */
  problems?: readonly string[]
  executionStatus:
    | 'AVAILABLE'
    | 'UNAVAILABLE'
    | 'EXECUTE_IN_PROGRESS'
    | 'EXECUTE_COMPLETE'
    | 'EXECUTE_FAILED'
  /** Milliseconds since 1970. */
  createdAt: number
  description?: string
  /** Token of the request. A repeated token means the same change set. */
  clientToken?: string
  source: StackSource
  changes: readonly Omit<PlannedChange, 'before'>[]
  /** Physical ids of existing resources, by logical id. */
  physicalIds: Readonly<Record<string, string>>
  /** The changes, with the policy for replaced resources. */
  policies: Readonly<Record<string, { deletion: string; replacement: string }>>
}

export type ChangeSetStore = {
  all(): ChangeSet[]
  /** The change sets of a stack, oldest first. */
  list(stackId: string): ChangeSet[]
  byId(id: string): ChangeSet | undefined
  /** Stores a change set, which is on disk when this returns. */
  save(changeSet: ChangeSet): void
  remove(changeSet: ChangeSet): void
}

/** Opens the change sets, each of which has its own file. */
export function createChangeSetStore(folder: string): ChangeSetStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const all = new Map<string, ChangeSet>()
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (name.endsWith(temporarySuffix)) rmSync(path, { force: true })
    if (!name.endsWith('.json')) continue
    const { changeSet } = readJsonSync(path) as { changeSet: ChangeSet }
    all.set(changeSet.id, changeSet)
  }
  const pathOf = ({ id }: ChangeSet) =>
    join(folder, `${id.split('/').at(-1)}.json`)
  return {
    all: () => [...all.values()],
    list: (stackId) =>
      [...all.values()]
        .filter((each) => each.stackId === stackId)
        .sort((a, b) => a.createdAt - b.createdAt),
    byId: (id) => all.get(id),
    save(changeSet) {
      const file = { format: 1, changeSet }
      writeFileAtomicSync(pathOf(changeSet), `${JSON.stringify(file)}\n`)
      all.set(changeSet.id, changeSet)
    },
    remove(changeSet) {
      rmSync(pathOf(changeSet), { force: true })
      syncFolder(folder)
      all.delete(changeSet.id)
    },
  }
}

export function newChangeSetId(
  name: string,
  { region, accountId }: { region: string; accountId: string },
): string {
  return `arn:aws:cloudformation:${region}:${accountId}:changeSet/${name}/${randomUUID()}`
}
