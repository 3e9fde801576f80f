import { invalid } from './errors.js'

/**
 * The action and table of a PartiQL statement, enough to check the policies.
 */
export type Head = {
  action: 'PartiQLSelect' | 'PartiQLInsert' | 'PartiQLUpdate' | 'PartiQLDelete'
  tableName: string
  indexName: string | undefined
}

const name = '(?:"([^"]+)"|([A-Za-z0-9_.-]+))'
const table = `${name}(?:\\s*\\.\\s*"([^"]+)")?(?=[\\s;)]|$)`
const heads = [
  ['PartiQLSelect', `^(?:EXISTS\\s*\\(\\s*)?SELECT\\b[^]*?\\bFROM\\s+${table}`],
  ['PartiQLInsert', `^INSERT\\s+INTO\\s+${table}`],
  ['PartiQLUpdate', `^UPDATE\\s+${table}`],
  ['PartiQLDelete', `^DELETE\\s+FROM\\s+${table}`],
] as const

/** @throws AwsError ValidationException if the text is not a statement. */
export function parseHead(statement: unknown): Head {
  const text = typeof statement === 'string' ? statement.trim() : ''
  for (const [action, pattern] of heads) {
    const found = new RegExp(pattern, 'i').exec(text)
    if (!found) continue
    const [, quoted, bare, indexName] = found
    return { action, tableName: quoted ?? bare ?? '', indexName }
  }
  throw invalid(
    "Statement wasn't well formed, can't be processed: Expected data manipulation",
  )
}
