import type { Item } from '../../packages/sender/src/ledger/Item.js'

/** Items by their keys, with sets in order: neither store promises one. */
export function sort(items: Iterable<Item>): Item[] {
  const keyOf = ({ pk, sk }: Item) => JSON.stringify([pk, sk])
  return [...items]
    .map((item) =>
      Object.fromEntries(
        Object.keys(item)
          .sort()
          .map((name) => [name, inOrder(item[name] as Item[string])]),
      ),
    )
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function inOrder(value: Item[string]): Item[string] {
  return 'NS' in value
    ? { NS: [...value.NS].sort((a, b) => Number(BigInt(a) - BigInt(b))) }
    : value
}
