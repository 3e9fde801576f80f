const opcodes: Record<string, number> = {
  STOP: 0x00,
  ADD: 0x01,
  SUB: 0x03,
  LT: 0x10,
  EQ: 0x14,
  ISZERO: 0x15,
  SHR: 0x1c,
  BALANCE: 0x31,
  ORIGIN: 0x32,
  CALLER: 0x33,
  CALLDATALOAD: 0x35,
  CODECOPY: 0x39,
  GASPRICE: 0x3a,
  PREVRANDAO: 0x44,
  POP: 0x50,
  MLOAD: 0x51,
  MSTORE: 0x52,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMPI: 0x57,
  GAS: 0x5a,
  DUP1: 0x80,
  LOG0: 0xa0,
  LOG3: 0xa3,
  LOG4: 0xa4,
  CALL: 0xf1,
  RETURN: 0xf3,
  REVERT: 0xfd,
}

/**
 * EVM code from a text: `0x…` pushes, `:name` is a place to jump to, `@name`
 * pushes it.
 */
export function assemble(text: string): `0x${string}` {
  const places = new Map<string, number>()
  const bytes: (() => number)[] = []
  const add = (...values: number[]) =>
    bytes.push(...values.map((value) => () => value))
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const name = word.slice(1)
    const place = () => places.get(name) ?? Number.NaN
    if (word.startsWith('0x')) {
      const pushed = Buffer.from(word.slice(2), 'hex')
      add(0x5f + pushed.length, ...pushed)
    } else if (word.startsWith(':')) {
      places.set(name, bytes.length)
      add(0x5b)
    } else if (word.startsWith('@')) {
      add(0x61)
      bytes.push(
        () => place() >> 8,
        () => place() & 0xff,
      )
    } else add(opcodes[word] ?? Number.NaN)
  }
  return `0x${Buffer.from(bytes.map((byte) => byte())).toString('hex')}`
}
