import {
  AddressField,
  Fields,
  HexField,
  type Parser,
  Quantity,
} from '@keyward/core'
import { type Call, encodeMultiSend } from '@keyward/guard/calls'
import type { SafeTransaction } from './SafeTransaction.js'
import { latest } from './state/deployments.js'

/** What somebody wants the Safe to do. */
export type ProposedCall = Pick<Call, 'to' | 'value' | 'data'>

/** More than anybody looks through. */
const maxCalls = 500

/** `{"to","value","data"}`, value in wei; what is left out is nothing. */
const parseCall: Parser<ProposedCall> = (value, path, problems) => {
  const before = problems.count()
  const fields = Fields.open(value, ['to', 'value', 'data'], path, problems)
  const call = {
    to: fields?.required('to', AddressField.parseNonZero),
    value: fields?.optional('value', Quantity.uint256) ?? 0n,
    data: fields?.optional('data', HexField.data) ?? '0x',
  }
  return problems.count() === before ? (call as ProposedCall) : undefined
}

/** One or more of them. */
export const parseList: Parser<ProposedCall[]> = (value, path, problems) => {
  const calls = Fields.list(parseCall, maxCalls)(value, path, problems)
  return calls?.length === 0 ? problems.add(path, 'has no calls') : calls
}

/** All or nothing, by the one contract whose delegatecall is harmless. */
export function toBatch(
  calls: readonly ProposedCall[],
): Pick<SafeTransaction, 'to' | 'value' | 'data' | 'operation'> {
  return {
    to: latest.callOnlyBatch,
    value: 0n,
    data: encodeMultiSend(calls),
    operation: 1,
  }
}
