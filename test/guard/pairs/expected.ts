import { knownDangers, knownKinds } from '../second/specification.js'

/** Each decides in at least one of a hundred pairs. */
export const expected = [
  'deny',
  'limit',
  'shadow',
  'rule that allows',
  'rule that denies',
  'any contract',
  ...[
    ...['payment', 'call', 'create', 'typedData', 'message'],
    ...['authorization', 'digest'],
  ].map((kind) => `kind ${kind}`),
  ...[
    ...['equals', 'in', 'atLeast', 'atMost', 'within', 'startsWith'],
    ...['length', 'every', 'some', 'none', 'fields'],
  ].map((operator) => `operator ${operator}`),
  ...[
    ...['callers', 'accounts', 'chains', 'hours', 'types', 'fee'],
    ...['recipients', 'dangers', 'maxValidity', 'maxPerRequest', 'windows'],
    ...['to', 'functions', 'args', 'ratios', 'spends', 'contracts', 'without'],
  ].map((condition) => `condition ${condition}`),
  ...[
    ...['native', 'requests', 'erc20', 'erc721', 'erc1155'],
    ...['hour', 'day', 'week'],
    ...['per caller', 'per account', 'per recipient'],
  ].map((window) => `window ${window}`),
]

/** Each decides in at least one of a thousand pairs. */
export const rarer = [
  ...[...knownKinds.keys()].map((kind) => `typed data ${kind}`),
  ...[
    ...['text', 'sign-in', 'bytes', 'hash', 'typed-data-hash', 'transaction'],
  ].map((kind) => `message ${kind}`),
]

/** Each decides in at least one of ten thousand pairs. */
export const rarest = [
  ...['texts', 'domains', 'uris', 'minNonceLength'].map(
    (condition) => `condition ${condition}`,
  ),
  ...knownDangers.map((danger) => `danger ${danger}`),
]
