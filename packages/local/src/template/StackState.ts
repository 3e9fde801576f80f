import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Principal } from '@keyward/iam/policy'
import { HomeError } from '../HomeError.js'
import type { FunctionEntry } from '../lambda/FunctionRecord.js'
import {
  readJsonSync,
  syncFolder,
  temporarySuffix,
  writeFileAtomicSync,
  writeFileSoonSync,
} from '../store/atomicFile.js'
import type { Json, JsonObject } from './Json.js'
import type { Made } from './ResourceType.js'
import { createEventLog, type EventLog } from './StackEvent.js'
import { isInProgress, type StackStatus } from './StackStatus.js'

/** The state of a stack, written after every step of a deployment. */
export type StackState = {
  name: string
  /**
   * The ARN, which has a new UUID each time a stack with this name is created.
   */
  id: string
  status: StackStatus
  statusReason?: string
  /** Milliseconds since 1970. */
  createdAt: number
  updatedAt?: number
  deletedAt?: number
  /** Resources by logical id. */
  resources: Readonly<Record<string, Made>>
  /** The resource that is being created, which may or may not already exist. */
  making?: { logicalId: string; physicalId: string; generatedName: string }
  /**
   * The resource that is being changed, with its new state. The change may be
   * half done.
   */
  changing?: { logicalId: string; properties: JsonObject }
  /** Resources that were replaced or dropped and must still be removed. */
  leftovers: readonly Leftover[]
  outputs: Readonly<Record<string, Output>>
  /** Absent while the stack is still under review. */
  source?: StackSource
  /** The state to restore if the current change fails. */
  before?: Snapshot
  terminationProtection?: boolean
}

/** Creates the state of a stack that has only a name so far. */
export function newStack(
  stack: Pick<StackState, 'name' | 'id' | 'createdAt'>,
): StackState {
  return {
    ...stack,
    status: 'REVIEW_IN_PROGRESS',
    resources: {},
    leftovers: [],
    outputs: {},
  }
}

/** The source from which a stack is or was deployed. */
export type StackSource = {
  /** The template as it was sent. */
  templateText: string
  description?: string
  /** The given parameter values. */
  parameters: Readonly<Record<string, string>>
  tags: readonly { Key: string; Value: string }[]
  capabilities: readonly string[]
  notificationArns: readonly string[]
  /**
   * The folder of the assembly with its code; undefined if the code is in S3.
   */
  assembly?: string
  /** The principal that creates, changes and removes its resources. */
  deployer: Principal
  /** The role that was passed for this, if there was one. */
  roleArn?: string
  /** ARN of the change set. */
  changeSetId?: string
  /** Whether failed resources are left as they are. */
  disableRollback?: boolean
}

export type Snapshot = {
  resources: Readonly<Record<string, Made>>
  outputs: Readonly<Record<string, Output>>
  source?: StackSource
  /**
   * Functions as they were before their first change; null if they didn't
   * exist.
   */
  functions: Readonly<Record<string, FunctionEntry | null>>
}

export type Leftover = {
  logicalId: string
  made: Made
  /** Whether the resource's policy says to retain it. */
  isRetained: boolean
  /** Whether the failed change created the resource. */
  isNew?: boolean
}

export type Output = { value: Json; exportName?: string; description?: string }

export type StackStore = {
  /** All stacks that are not deleted. */
  list(): readonly StackState[]
  get(name: string): StackState | undefined
  /** Finds a stack by its ARN, even a deleted one. */
  byId(id: string): StackState | undefined
  deleted(): readonly StackState[]
  /** Once this returns, the state survives kill -9. */
  save(state: StackState): void
  remove(name: string): void
  /** Removes a stack, but keeps a record of it for a while. */
  bury(state: StackState): void
  events: EventLog
}

// Enough for requests that arrive after a deletion.
const maxDeleted = 50

/** Opens the states of stacks. Each stack has its own file. */
export function createStackStore(folder: string): StackStore {
  const graveyard = join(folder, 'deleted')
  mkdirSync(graveyard, { recursive: true, mode: 0o700 })
  const states = new Map(read(folder).map((state) => [state.name, state]))
  const events = createEventLog(folder)
  let deleted = read(graveyard).sort(
    (a, b) => (a.deletedAt ?? 0) - (b.deletedAt ?? 0),
  )
  // Stack names contain only letters, digits and hyphens, so they can be file
  // names.
  const pathOf = (name: string) => join(folder, `${name}.json`)
  const graveOf = ({ id }: StackState) =>
    join(graveyard, `${id.split('/').at(-1)}.json`)
  const remove = (name: string) => {
    rmSync(pathOf(name), { force: true })
    syncFolder(folder)
    states.delete(name)
  }
  // A kill happened between recording the deletion and removing the file.
  for (const { name, id } of deleted)
    if (states.get(name)?.id === id) remove(name)
  return {
    list: () => [...states.values()],
    get: (name) => states.get(name),
    byId: (id) =>
      [...states.values(), ...deleted].find((state) => state.id === id),
    deleted: () => deleted,
    save(state) {
      write(pathOf(state.name), state)
      states.set(state.name, state)
    },
    remove,
    bury(state) {
      write(graveOf(state), state)
      deleted = [...deleted, state]
      remove(state.name)
      for (const old of deleted.slice(0, -maxDeleted)) {
        rmSync(graveOf(old), { force: true })
        events.remove(old.id)
      }
      deleted = deleted.slice(-maxDeleted)
    },
    events,
  }
}

export function newStackId(
  name: string,
  { region, accountId }: { region: string; accountId: string },
): string {
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${randomUUID()}`
}

function write(path: string, state: StackState): void {
  const text = `${JSON.stringify({ format: 2, state }, null, 1)}\n`
  // Each step is recorded before the next one begins, but only the end waits
  // for the disk: dozens of waits would take longer than the deployment itself.
  if (isInProgress(state.status)) writeFileSoonSync(path, text)
  else writeFileAtomicSync(path, text)
}

function read(folder: string): StackState[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (name.endsWith(temporarySuffix)) rmSync(path, { force: true })
    return name.endsWith('.json') ? [readOne(path)] : []
  })
}

function readOne(path: string): StackState {
  const file = readJsonSync(path) as
    | { format: number; state: StackState }
    | undefined
  if (file?.format === 2) return file.state
  if (file?.format === 1) {
    const state = fromFormat1(file.state)
    write(path, state)
    return state
  }
  throw new HomeError(
    'file-damaged',
    `${path} has an unknown format, because another version of Keyward wrote it. Use that version, or start again with --reset.`,
  )
}

/**
 * In versions in which stacks couldn't be deployed yet, they had no id and only
 * two statuses.
 */
function fromFormat1(
  state: Omit<StackState, 'status'> & { status: string },
): StackState {
  const place = { region: 'us-east-1', accountId: '000000000000' }
  return {
    ...state,
    id: newStackId(state.name, place),
    status:
      state.status === 'complete' ? 'CREATE_COMPLETE' : 'CREATE_IN_PROGRESS',
    createdAt: 0,
    leftovers: state.leftovers.map((each) => ({
      ...each,
      isRetained: each.made.deletionPolicy === 'Retain',
    })),
  }
}
