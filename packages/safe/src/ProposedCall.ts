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

/** A call that the Safe should make. */
export type ProposedCall = Pick<Call, 'to' | 'value' | 'data'>

/** Maximum number of calls, because nobody would review more. */
const maxCalls = 500

/** `{"to","value","data"}`, with the value in wei; missing fields are empty. */
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

/** A list of one or more calls. */
export const parseList: Parser<ProposedCall[]> = (value, path, problems) => {
  const calls = Fields.list(parseCall, maxCalls)(value, path, problems)
  return calls?.length === 0
    ? problems.add(path, 'needs at least one call')
    : calls
}

/**
 * Combines calls so that all or none are made, through the only contract whose
 * delegatecall is harmless.
 */
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
