import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { HomeError } from '../HomeError.js'
import { readJsonSync, writeFileAtomicSync } from '../store/atomicFile.js'

export const types = ['SecureString', 'StringList', 'String'] as const

export type Version = {
  version: number
  type: (typeof types)[number]
  value: string
  /**
   * A placeholder for the value of a SecureString in requests without
   * decryption. It can't be decrypted.
   */
  sealed: string | undefined
  description: string | undefined
  /** Milliseconds since 1970. */
  changedAt: number
}

/** A parameter with its versions, the newest last. */
export type Parameter = { name: string; versions: Version[] }

/** As in AWS, the oldest version beyond this number is dropped. */
const maxVersions = 100

/** Stores parameters by name, in one file with mode 0600. */
export function createParameterStore(
  folder: string,
  /** Parameters that always exist and never change. */
  fixed: ReadonlyMap<string, string>,
) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'parameters.json')
  const parameters = read(path)
  const save = () => {
    const file = { format: 1, parameters: [...parameters.values()] }
    writeFileAtomicSync(path, `${JSON.stringify(file, null, 2)}\n`)
  }
  const builtIn = new Map(
    [...fixed].map(([name, value]) => [name, toFixed(name, value)]),
  )
  return {
    isFixed: (name: string): boolean => builtIn.has(name),
    list: (): Parameter[] => [...builtIn.values(), ...parameters.values()],
    get: (name: string): Parameter | undefined =>
      builtIn.get(name) ?? parameters.get(name),
    add(name: string, version: Version): void {
      const before = parameters.get(name)?.versions ?? []
      const versions = [...before, version].slice(-maxVersions)
      parameters.set(name, { name, versions })
      save()
    },
    remove(name: string): void {
      if (parameters.delete(name)) save()
    },
  }
}

export type ParameterStore = ReturnType<typeof createParameterStore>

function toFixed(name: string, value: string): Parameter {
  const version: Version = {
    version: 1,
    type: 'String',
    value,
    sealed: undefined,
    description: undefined,
    changedAt: 0,
  }
  return { name, versions: [version] }
}

function read(path: string): Map<string, Parameter> {
  const file = readJsonSync(path) as
    | { format: number; parameters: Parameter[] }
    | undefined
  if (file === undefined) return new Map()
  if (file.format === 1)
    return new Map(file.parameters.map((each) => [each.name, each]))
  throw new HomeError(
    'file-damaged',
    `${path} has an unknown format, because another version of Keyward wrote it. Use that version, or start again with --reset.`,
  )
}
