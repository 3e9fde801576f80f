import type { Change, Path } from '../Store.js'
import { type Attribute, toAttribute } from './Attribute.js'

/** Converts a change to UpdateItem's parameters. */
export function toUpdate({ set = [], add = [], remove = [], when }: Change) {
  const names = new Map<string, string>()
  const values: Record<string, Attribute> = {}
  // Names are written as #n: ids contain dots and slashes, and some names are
  // reserved words.
  const nameOf = (path: Path) =>
    path
      .map((name) => {
        const short = names.get(name) ?? `#${names.size}`
        names.set(name, short)
        return short
      })
      .join('.')
  const place = (value: Parameters<typeof toAttribute>[0]) => {
    const short = `:${Object.keys(values).length}`
    values[short] = toAttribute(value)
    return short
  }
  const sets = [
    ...set.map(([path, value]) => `${nameOf(path)} = ${place(value)}`),
    ...add.map(([path, amount]) => {
      const name = nameOf(path)
      return amount < 0n
        ? `${name} = ${name} - ${place(-amount)}`
        : `${name} = ${name} + ${place(amount)}`
    }),
  ]
  const conditions = when.map((one) => {
    const name = nameOf(one.path)
    if (one.is === 'absent') return `attribute_not_exists(${name})`
    return `${name} ${one.is === 'equal' ? '=' : '<='} ${place(one.value)}`
  })
  const update = [
    sets.length === 0 ? '' : `SET ${sets.join(', ')}`,
    remove.length === 0 ? '' : `REMOVE ${remove.map(nameOf).join(', ')}`,
  ]
  // Without a condition, the update would create the item.
  const exists = `attribute_exists(${nameOf(['pk'])})`
  return {
    UpdateExpression: update.filter(Boolean).join(' '),
    ConditionExpression: [exists, ...conditions].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(
      [...names].map(([name, short]) => [short, name]),
    ),
    ...(Object.keys(values).length > 0 && {
      ExpressionAttributeValues: values,
    }),
  }
}
