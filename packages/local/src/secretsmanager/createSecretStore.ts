import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { HomeError } from '../HomeError.js'
import { readJsonSync, writeFileAtomicSync } from '../store/atomicFile.js'

/** A secret with its current value. */
export type Secret = {
  name: string
  arn: string
  description: string | undefined
  /** Exactly one of these two is set. */
  text: string | undefined
  /** In base64. */
  binary: string | undefined
  versionId: string
  /** Milliseconds since 1970. */
  createdAt: number
  changedAt: number
}

/** Stores secrets by name, in one file with mode 0600. */
export function createSecretStore(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'secrets.json')
  const secrets = read(path)
  const save = () => {
    const file = { format: 1, secrets: [...secrets.values()] }
    writeFileAtomicSync(path, `${JSON.stringify(file, null, 2)}\n`)
  }
  return {
    list: (): Secret[] => [...secrets.values()],
    find: (id: string): Secret | undefined =>
      findSecret([...secrets.values()], id),
    put(secret: Secret): void {
      secrets.set(secret.name, secret)
      save()
    },
    remove(name: string): void {
      if (secrets.delete(name)) save()
    },
  }
}

export type SecretStore = ReturnType<typeof createSecretStore>

/**
 * Finds a secret by name, by ARN, or by an ARN without the six characters that
 * Secrets Manager appends to the name.
 */
export function findSecret(
  secrets: readonly Secret[],
  id: string,
): Secret | undefined {
  return (
    secrets.find(({ name }) => name === id) ??
    secrets.find(({ arn }) => arn === id || arn.slice(0, -7) === id)
  )
}

function read(path: string): Map<string, Secret> {
  const file = readJsonSync(path) as
    | { format: number; secrets: Secret[] }
    | undefined
  if (file === undefined) return new Map()
  if (file.format === 1)
    return new Map(file.secrets.map((secret) => [secret.name, secret]))
  throw new HomeError(
    'file-damaged',
    `${path} has an unknown format, because another version of Keyward wrote it. Use that version, or start again with --reset.`,
  )
}
