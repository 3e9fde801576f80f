import { InputError, quote } from '@keyward/core/errors'

type Input = { name?: unknown; type?: unknown; components?: unknown }

/**
 * Reads the functions of an ABI file as texts for `parsePolicy`: `swap(address
 * tokenIn,uint256 amountIn)`. Skips events, errors and constructors, and
 * functions that only read.
 *
 * @param value - A standard JSON ABI, or an artefact `{ "abi": [...] }`.
 * @param name - The file's name, for errors.
 * @throws InputError
 */
export function readAbi(value: unknown, name: string): string[] {
  const refuse = (details: string): never => {
    throw new InputError(`${name} is not a valid ABI.`, { details })
  }
  const abi = Array.isArray(value)
    ? value
    : (value as { abi?: unknown } | null)?.abi
  if (!Array.isArray(abi))
    return refuse(
      'It must be a JSON array of entries, or an object with such an array as "abi".',
    )
  return abi.flatMap((entry: Record<string, unknown> | null, at) => {
    if (typeof entry !== 'object' || entry === null)
      return refuse(`Entry ${at} is not an object.`)
    const { type = 'function', name: called, inputs = [] } = entry
    if (type !== 'function') return []
    if (entry.stateMutability === 'view' || entry.stateMutability === 'pure')
      return []
    if (typeof called !== 'string' || !/^[A-Za-z_$][\w$]*$/.test(called))
      return refuse(`Entry ${at} is a function without a name.`)
    return [
      `${called}(${toText(inputs, (why = form) => refuse(`The inputs of the function ${quote(called)} ${why}.`), 0)})`,
    ]
  })
}

const form = 'are not a list of { "name", "type", "components" }'

type Refuse = (why?: string) => never

function toText(inputs: unknown, refuse: Refuse, depth: number): string {
  if (!Array.isArray(inputs) || depth > 16) return refuse()
  const names = new Set<string>()
  return inputs
    .map((input: Input | null) => {
      const { type, name, components } = input ?? {}
      if (typeof type !== 'string') return refuse()
      const isTuple = type.startsWith('tuple')
      if (isTuple && !/^tuple(?:\[\d*\])*$/.test(type)) return refuse()
      if (!isTuple && !/^[a-z]+\d*(?:\[\d*\])*$/.test(type)) return refuse()
      const text = isTuple
        ? `(${toText(components, refuse, depth + 1)})${type.slice(5)}`
        : type
      const isNamed = typeof name === 'string' && /^[A-Za-z_]\w*$/.test(name)
      if (!isNamed) return text
      // If two inputs had the same name, conditions would see only the first.
      if (names.has(name))
        return refuse(`contain the name ${quote(name)} twice`)
      names.add(name)
      return `${text} ${name}`
    })
    .join(',')
}
