import type { Model } from './Model.js'

/** What of a value is not as AWS's model has it. */
export function checkValue(
  { shapes }: Pick<Model, 'shapes'>,
  shapeName: string,
  value: unknown,
  path = '',
): string[] {
  const shape = shapes[shapeName]
  if (shape === undefined) return [`${path}: there is no shape ${shapeName}`]
  const wrong = (what: string) => [`${path || 'it'} ${what}`]
  const inside = (name: string, each: unknown, at: string) =>
    checkValue({ shapes }, name, each, at)
  switch (shape.type) {
    case 'structure': {
      if (!isObject(value)) return wrong('is no structure')
      const members = shape.members ?? {}
      const missing = (shape.required ?? []).filter(
        (name) => value[name] === undefined || value[name] === null,
      )
      return [
        ...missing.map((name) => `${path}.${name} is missing`),
        ...Object.entries(value).flatMap(([name, each]) => {
          const member = members[name]
          if (member === undefined) return [`${path}.${name} is not known`]
          return each === null || each === undefined
            ? []
            : inside(member.shape, each, `${path}.${name}`)
        }),
      ]
    }
    case 'list':
      if (!Array.isArray(value)) return wrong('is no list')
      return [
        ...checkSize(value.length),
        ...value.flatMap((each, index) =>
          inside(shape.member?.shape ?? '', each, `${path}[${index}]`),
        ),
      ]
    case 'map':
      if (!isObject(value)) return wrong('is no map')
      return Object.entries(value).flatMap(([key, each]) => [
        ...inside(shape.key?.shape ?? '', key, `${path}{}`),
        ...inside(shape.value?.shape ?? '', each, `${path}.${key}`),
      ])
    case 'string':
      if (typeof value !== 'string') return wrong('is no text')
      if (shape.enum !== undefined && !shape.enum.includes(value))
        return wrong(`is none of ${shape.enum.join(', ')}`)
      return [
        ...checkSize([...value].length),
        ...(shape.pattern === undefined || matches(shape.pattern, value)
          ? []
          : wrong(`does not match ${shape.pattern}`)),
      ]
    case 'blob': {
      if (typeof value !== 'string') return wrong('is not base64')
      const bytes = Buffer.from(value, 'base64')
      return bytes.toString('base64') === value
        ? checkSize(bytes.length)
        : wrong('is not base64')
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('is no boolean')
    case 'integer':
    case 'long':
      return Number.isSafeInteger(value)
        ? checkSize(value as number)
        : wrong('is no integer')
    default:
      return typeof value === 'number' ? [] : wrong('is no number')
  }

  function checkSize(size: number): string[] {
    const { min = -Infinity, max = Infinity } = shape ?? {}
    if (size < min) return wrong(`is ${size}, and ${min} is the least`)
    return size > max ? wrong(`is ${size}, and ${max} is the most`) : []
  }
}

/** As AWS's services, which match all of a text. */
function matches(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'su').test(text)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
