import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { AwsError } from '../protocol/Service.js'
import { readJsonSync, writeFileSoonSync } from '../store/atomicFile.js'
import type { FunctionName } from './FunctionName.js'
import type {
  AliasRecord,
  FunctionEntry,
  FunctionRecord,
} from './FunctionRecord.js'

type Functions = Record<string, FunctionEntry>

/** All functions, stored in one file that each change replaces as a whole. */
export type FunctionRegistry = {
  get(name: string): FunctionEntry | undefined
  /** Functions by name. */
  list(): FunctionEntry[]
  /**
   * Changes a function, or removes it if the new value is `undefined`. The
   * change is on disk once this returns.
   */
  update<value>(
    name: string,
    change: (entry: FunctionEntry | undefined) => {
      entry: FunctionEntry | undefined
      value: value
    },
  ): value
}

/** The function version to which a name and its qualifier lead. */
export type Resolved = {
  entry: FunctionEntry
  record: FunctionRecord
  alias: AliasRecord | undefined
}

function read(file: string): Functions {
  const state = readJsonSync(file) as
    | { format: number; functions: Functions }
    | undefined
  if (state === undefined) return {}
  if (state.format !== 1)
    throw new Error(
      `${file} has format ${state.format}, but this version of Keyward reads format 1. Use the version that wrote the file, or start again with --reset.`,
    )
  return state.functions
}

function write(file: string, functions: Functions): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const text = JSON.stringify({ format: 1, functions }, null, 1)
  writeFileSoonSync(file, text)
}

export function createFunctionRegistry(file: string): FunctionRegistry {
  let functions = read(file)

  function update<value>(
    name: string,
    change: (entry: FunctionEntry | undefined) => {
      entry: FunctionEntry | undefined
      value: value
    },
  ): value {
    const before = functions[name]
    const { entry, value } = change(before && structuredClone(before))
    if (JSON.stringify(entry) === JSON.stringify(before)) return value
    const { [name]: _, ...others } = functions
    const after = entry ? { ...others, [name]: entry } : others
    write(file, after)
    functions = after
    return value
  }

  return {
    get: (name) =>
      Object.hasOwn(functions, name) ? functions[name] : undefined,
    list: () =>
      Object.values(functions).sort((a, b) =>
        a.latest.name < b.latest.name ? -1 : 1,
      ),
    update,
  }
}

export function functionNotFound(arn: string): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    `Function not found: ${arn}`,
    404,
  )
}

/** @throws AwsError ResourceNotFoundException */
export function resolveFunction(
  registry: FunctionRegistry,
  { name, qualifier, arn }: FunctionName,
  accountId: string,
): Resolved {
  const entry = registry.get(name)
  // An ARN in another account names a function that doesn't exist here.
  if (!entry || arn.split(':')[4] !== accountId) throw functionNotFound(arn)
  if (qualifier === undefined || qualifier === '$LATEST')
    return { entry, record: entry.latest, alias: undefined }
  const alias = entry.aliases.find((each) => each.name === qualifier)
  const version = alias?.functionVersion ?? qualifier
  const record =
    version === '$LATEST'
      ? entry.latest
      : entry.versions.find((each) => each.version === version)
  if (!record) throw functionNotFound(arn)
  return { entry, record, alias }
}
