import { readFileSync } from 'node:fs'
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AwsError } from '../protocol/Service.js'
import type { FunctionName } from './FunctionName.js'
import type {
  AliasRecord,
  FunctionEntry,
  FunctionRecord,
} from './FunctionRecord.js'

type Functions = Record<string, FunctionEntry>

/** All functions, in one file that is replaced as a whole at each change. */
export type FunctionRegistry = {
  get(name: string): FunctionEntry | undefined
  /** By name. */
  list(): FunctionEntry[]
  /**
   * Changes one function; `undefined` removes it. Resolves once the change is
   * on disk. Changes follow each other, so each sees the one before.
   */
  update<value>(
    name: string,
    change: (entry: FunctionEntry | undefined) => {
      entry: FunctionEntry | undefined
      value: value
    },
  ): Promise<value>
}

/** What a name with its qualifier leads to. */
export type Resolved = {
  entry: FunctionEntry
  record: FunctionRecord
  alias: AliasRecord | undefined
}

function read(file: string): Functions {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  const state = JSON.parse(text) as { format: number; functions: Functions }
  if (state.format !== 1)
    throw new Error(
      `${file} has format ${state.format}, this version reads 1. Use the version that wrote it, or remove the folder to start anew.`,
    )
  return state.functions
}

async function write(file: string, functions: Functions): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.draft`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(JSON.stringify({ format: 1, functions }, null, 1))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
  const folder = await open(dirname(file), 'r')
  await folder.sync().finally(() => folder.close())
}

export function createFunctionRegistry(file: string): FunctionRegistry {
  let functions = read(file)
  let last: Promise<unknown> = Promise.resolve()

  function update<value>(
    name: string,
    change: (entry: FunctionEntry | undefined) => {
      entry: FunctionEntry | undefined
      value: value
    },
  ): Promise<value> {
    const next = last.then(async () => {
      const before = functions[name]
      const { entry, value } = change(before && structuredClone(before))
      if (JSON.stringify(entry) === JSON.stringify(before)) return value
      const { [name]: _, ...others } = functions
      const after = entry ? { ...others, [name]: entry } : others
      await write(file, after)
      functions = after
      return value
    })
    last = next.catch(() => undefined)
    return next
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
  // An ARN of another account names a function that is not here.
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
