import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { HomeError } from '../HomeError.js'
import {
  readJsonSync,
  syncFolder,
  temporarySuffix,
  writeFileAtomicSync,
} from '../store/atomicFile.js'
import type { Json } from './Json.js'
import type { Made } from './ResourceType.js'

/** A stack as it stands, written after every step of a deployment. */
export type StackState = {
  name: string
  /** `in-progress` is found only after a kill; deploying goes on from there. */
  status: 'complete' | 'in-progress'
  /** By logical id. */
  resources: Readonly<Record<string, Made>>
  /** The one that is being made, which may be there or not. */
  making?: { logicalId: string; physicalId: string; generatedName: string }
  /** Replaced or dropped, and still to be removed. */
  leftovers: readonly { logicalId: string; made: Made }[]
  outputs: Readonly<Record<string, Output>>
}

export type Output = { value: Json; exportName?: string }

export type StackStore = {
  list(): readonly StackState[]
  get(name: string): StackState | undefined
  /** On disk when it returns. */
  save(state: StackState): void
  remove(name: string): void
}

/** Opens the states of stacks, a file each. */
export function createStackStore(folder: string): StackStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const states = new Map<string, StackState>()
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (name.endsWith(temporarySuffix)) rmSync(path, { force: true })
    else if (name.endsWith('.json')) {
      const state = read(path)
      states.set(state.name, state)
    }
  }
  // Stack names are letters, digits and hyphens, so they are file names.
  const pathOf = (name: string) => join(folder, `${name}.json`)
  return {
    list: () => [...states.values()],
    get: (name) => states.get(name),
    save(state) {
      const file = { format: 1, state }
      writeFileAtomicSync(
        pathOf(state.name),
        `${JSON.stringify(file, null, 1)}\n`,
      )
      states.set(state.name, state)
    },
    remove(name) {
      rmSync(pathOf(name), { force: true })
      syncFolder(folder)
      states.delete(name)
    },
  }
}

function read(path: string): StackState {
  const file = readJsonSync(path) as
    | { format: number; state: StackState }
    | undefined
  if (file?.format === 1) return file.state
  throw new HomeError(
    'file-damaged',
    `${path} is of an unknown format. It was written by another version of Keyward: use that one, or start anew with --reset.`,
  )
}
