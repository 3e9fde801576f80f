import { toAnswer } from '../findParameter.js'
import { invalid, toArn } from '../ParameterName.js'
import type { SsmOperation } from '../SsmContext.js'

/**
 * Returns the parameters below a path, one page at a time. A token is a
 * position.
 */
export const GetParametersByPath: SsmOperation = (
  context,
  input,
  principal,
) => {
  const { Path, Recursive, WithDecryption } = input
  if (typeof Path !== 'string' || !/^\/[\w./-]*$/.test(Path))
    throw invalid(
      'The parameter path must begin with a slash, and have letters, digits ' +
        'and .-_ between slashes.',
    )
  const below = Path.endsWith('/') ? Path : `${Path}/`
  context.authorize({
    principal,
    action: 'ssm:GetParametersByPath',
    resource: toArn(context, below === '/' ? '/' : below.slice(0, -1)),
  })
  const count = readInteger(input.MaxResults ?? 10, 1, 10)
  const start = readInteger(Number(input.NextToken ?? 0), 0, 1_000_000)
  const all = context.parameters
    .list()
    .filter(
      ({ name }) =>
        name.startsWith(below) &&
        (Recursive === true || !name.slice(below.length).includes('/')),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const end = start + count
  return {
    Parameters: all.slice(start, end).flatMap((parameter) => {
      const version = parameter.versions.at(-1)
      if (version === undefined) return []
      const found = { parameter, version, selector: undefined }
      return [toAnswer(context, found, WithDecryption)]
    }),
    ...(end < all.length && { NextToken: String(end) }),
  }
}

function readInteger(value: unknown, from: number, to: number): number {
  if (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= from &&
    value <= to
  )
    return value
  throw invalid(
    `MaxResults must be from 1 to 10, and NextToken must come from an earlier response.`,
  )
}
