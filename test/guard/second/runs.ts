import { zero } from './Action.js'
import { decode, signature } from './abi.js'
import type { Call, Read } from './readCall.js'
import {
  addressAt,
  at,
  bytesAt,
  itemsAt,
  numberAt,
  type Value,
} from './Value.js'

/** The calls that a decoded call runs. */
export function callsWithin(read: Read): readonly Call[] | 'unreadable' {
  const { args, from } = read
  if (!args || !read.signature?.known) return []
  // In a delegatecall, the contract is the caller.
  const to = read.delegate ? (from ?? '') : read.to
  const by = (rest: Partial<Call> & { to: string; data: string }): Call => ({
    from: to,
    value: 0n,
    delegate: false,
    ...rest,
  })
  switch (read.signature.name) {
    case 'multicall':
      return itemsAt(args, 'data').map((one) =>
        by({ from, to, data: hex(one) }),
      )
    case 'aggregate':
    case 'aggregate3':
    case 'tryAggregate':
    case 'tryBlockAndAggregate':
      return itemsAt(args, 'calls').map((one) =>
        by({ to: addressAt(one, 'target'), data: bytesAt(one, 'callData') }),
      )
    case 'aggregate3Value':
      return itemsAt(args, 'calls').map((one) =>
        by({
          to: addressAt(one, 'target'),
          data: bytesAt(one, 'callData'),
          value: numberAt(one, 'value'),
        }),
      )
    case 'multiSend': {
      const parts = unpack(bytesAt(args, 'transactions').slice(2))
      return parts === 'unreadable' ? parts : parts.map(by)
    }
    case 'execTransaction':
    case 'execTransactionFromModule':
    case 'execTransactionFromModuleReturnData':
      return [
        by({
          to: addressAt(args, 'to'),
          value: numberAt(args, 'value'),
          data: bytesAt(args, 'data'),
          delegate: numberAt(args, 'operation') !== 0n,
        }),
      ]
    case 'executeFromExecutor':
      return executed(args)?.map(by) ?? 'unreadable'
    case 'execute':
      if (at(args, 'mode')) return executed(args)?.map(by) ?? 'unreadable'
      return [
        by({
          to: addressAt(args, 'target'),
          value: numberAt(args, 'value'),
          data: bytesAt(args, 'data'),
        }),
      ]
    case 'executeBatch':
      return batch(args)?.map(by) ?? 'unreadable'
    case 'handleOps':
      return ofOperations(itemsAt(args, 'ops'))?.map(by) ?? 'unreadable'
    case 'createProxyWithNonce':
      return [
        by({
          to: addressAt(args, 'singleton'),
          data: bytesAt(args, 'initializer'),
        }),
      ]
    case 'setup':
      if (addressAt(args, 'to') === zero) return []
      return [
        by({
          to: addressAt(args, 'to'),
          data: bytesAt(args, 'data'),
          delegate: true,
        }),
      ]
    default:
      return []
  }
}

function hex(value: Value): string {
  if (value.is !== 'bytes') throw new Error('no bytes')
  return value.hex
}

function batch(args: Value) {
  if (args.is === 'tuple' && args.fields.length === 1)
    return itemsAt(args, 'calls').map((one) => ({
      to: addressAt(one, 'target'),
      value: numberAt(one, 'value'),
      data: bytesAt(one, 'data'),
    }))
  const targets = itemsAt(args, 'targets')
  const values = itemsAt(args, 'values')
  const datas = itemsAt(args, 'datas')
  if (targets.length !== values.length || targets.length !== datas.length)
    return undefined
  return targets.map((target, at) => ({
    to: target.is === 'address' ? target.address : '',
    value: (values[at] as Extract<Value, { is: 'number' }>).number,
    data: hex(datas[at]!),
  }))
}

type Plain = { to: string; data: string }

/** What an operation calls before its account; nothing for what can't be read. */
export function createdBy(operation: Value): Plain[] | undefined {
  const code = bytesAt(operation, 'initCode')
  if (/^0x(7702(00){0,18})?$/.test(code)) return []
  const parts = /^(0x.{40})(.*)$/.exec(code)
  if (!parts) return undefined
  const [, to, rest] = parts
  const data = `0x${rest}`
  if (!/^0x77020{36}$/.test(to!)) return [{ to: to!, data }]
  return [{ to: addressAt(operation, 'sender'), data }]
}

function ofOperations(operations: readonly Value[]): Plain[] | undefined {
  const all: Plain[] = []
  for (const one of operations) {
    const before = createdBy(one)
    if (!before) return undefined
    const account = addressAt(one, 'sender')
    all.push(...before, { to: account, data: bytesAt(one, 'callData') })
  }
  return all
}

const lists = [
  'run((address to,uint256 value,bytes data)[] calls)',
  'run((address to,uint256 value,bytes data)[] calls,bytes more)',
].map((text) => signature(text, false))

/** By the modes of ERC-7579 and ERC-7821. */
function executed(args: Value): Omit<Call, 'from'>[] | undefined {
  const mode = bytesAt(args, 'mode')
  const data = bytesAt(args, 'executionData').slice(2)
  if (/^0x000[01]0{60}$/.test(mode)) {
    const one = /^(.{40})(.{64})(.*)$/.exec(data)
    if (!one) return undefined
    const [, to, value, rest] = one
    const call = { to: `0x${to}`, value: BigInt(`0x${value}`) }
    return [{ ...call, data: `0x${rest}`, delegate: false }]
  }
  if (/^0xff0[01]0{60}$/.test(mode)) {
    if (data.length < 40) return undefined
    const call = { to: `0x${data.slice(0, 40)}`, value: 0n, delegate: true }
    return [{ ...call, data: `0x${data.slice(40)}` }]
  }
  const forms = /^0x010[01]0{60}$/.test(mode)
    ? lists.slice(0, 1)
    : /^0x010000000000782100010{44}$/.test(mode)
      ? lists
      : []
  for (const form of forms) {
    const read = decode(form, form.selector + data)
    if (!read) continue
    const calls = itemsAt(read, 'calls').map((one) => ({
      to: addressAt(one, 'to'),
      value: numberAt(one, 'value'),
      data: bytesAt(one, 'data'),
      delegate: false,
    }))
    return calls.some(({ to }) => to === zero) ? undefined : calls
  }
  return undefined
}

/** Operation (1 byte), to (20), value (32), length (32), data. */
function unpack(given: string) {
  const parts: Omit<Call, 'from'>[] = []
  let rest = given
  while (rest !== '') {
    const head = /^0([01])(.{40})(.{64})(.{64})/.exec(rest)
    if (!head) return 'unreadable'
    const length = BigInt(`0x${head[4]}`) * 2n
    rest = rest.slice(170)
    if (length > BigInt(rest.length)) return 'unreadable'
    if (`0x${head[2]}` === zero) return 'unreadable'
    parts.push({
      delegate: head[1] === '1',
      to: `0x${head[2]}`,
      value: BigInt(`0x${head[3]}`),
      data: `0x${rest.slice(0, Number(length))}`,
    })
    rest = rest.slice(Number(length))
  }
  return parts
}
