import type { Condition } from '../Condition.js'
import type { Item, Value } from '../Item.js'
import type { Change } from '../Store.js'

/** Converts a change to UpdateItem's parameters. */
export function toUpdate(change: Change) {
  const names: Record<string, string> = {}
  const values: Item = {}
  // Every attribute is written as #name, because some names are reserved words.
  const nameOf = (name: string) => {
    names[`#${name}`] = name
    return `#${name}`
  }
  const clause = (
    word: string,
    items: Item | undefined,
    write: (name: string, value: string) => string,
  ) =>
    Object.entries(items ?? {}).map(([name, value]) => {
      values[`:${word}_${name}`] = value
      return write(nameOf(name), `:${word}_${name}`)
    })
  const sets = [
    ...clause('set', change.set, (name, value) => `${name} = ${value}`),
    ...clause(
      'none',
      change.setIfNone,
      (name, value) => `${name} = if_not_exists(${name}, ${value})`,
    ),
  ]
  const pair = (name: string, value: string) => `${name} ${value}`
  const parts: [string, string[]][] = [
    ['SET', sets],
    ['ADD', clause('add', change.add, pair)],
    ['DELETE', clause('delete', change.delete, pair)],
    ['REMOVE', (change.remove ?? []).map(nameOf)],
  ]
  let count = 0
  const place = (value: Value) => {
    const short = `:if_${count++}`
    values[short] = value
    return short
  }
  const condition =
    change.condition === undefined
      ? undefined
      : toExpression(change.condition, nameOf, place)
  return {
    UpdateExpression: parts
      .filter(([, items]) => items.length > 0)
      .map(([word, items]) => `${word} ${items.join(', ')}`)
      .join(' '),
    ...(condition === undefined ? {} : { ConditionExpression: condition }),
    ...(Object.keys(names).length === 0
      ? {}
      : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0
      ? {}
      : { ExpressionAttributeValues: values }),
  }
}

const signs = { equal: '=', below: '<', above: '>' } as const

function toExpression(
  condition: Condition,
  nameOf: (name: string) => string,
  place: (value: Value) => string,
): string {
  if (condition.is === 'any')
    return condition.of
      .map((one) => toExpression(one, nameOf, place))
      .join(' OR ')
  if (condition.is === 'all')
    return condition.of
      .map((one) => {
        const part = toExpression(one, nameOf, place)
        return isChoice(one) ? `(${part})` : part
      })
      .join(' AND ')
  const name = nameOf(condition.name)
  switch (condition.is) {
    case 'there':
      return `attribute_exists(${name})`
    case 'absent':
      return `attribute_not_exists(${name})`
    case 'one of':
      return `${name} IN (${condition.values.map(place).join(', ')})`
    default:
      return `${name} ${signs[condition.is]} ${place(condition.value)}`
  }
}

/**
 * AND binds tighter than OR, so only an OR within an AND needs parentheses.
 * DynamoDB refuses some redundant parentheses, and dynalite's parser reads
 * their contents many times over.
 */
function isChoice(condition: Condition): boolean {
  if (condition.is !== 'any') return false
  const [first, ...others] = condition.of
  return others.length > 0 || (first !== undefined && isChoice(first))
}
