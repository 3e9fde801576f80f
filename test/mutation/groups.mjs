// What is changed, and which tests have to notice; the fast ones.

/**
 * @typedef {{
 *   goal: number,
 *   mutate: string[],
 *   tests: string[],
 * }} Group
 */

/** @type {Readonly<Record<string, Group>>} */
export const groups = {
  core: {
    goal: 95,
    // SigningKey is the gate: what it is made of, and what it verifies by.
    mutate: [
      'packages/core/src/Signature.ts',
      'packages/core/src/SigningKey.ts',
      'packages/core/src/Request.ts',
      'packages/core/src/openKey.ts',
      'packages/core/src/Authorize.ts',
      'packages/core/src/Pin.ts',
      'packages/core/src/findYParity.ts',
      'packages/core/src/invertScalar.ts',
      'packages/core/src/toDigest.ts',
      'packages/core/src/waitFor.ts',
    ],
    tests: [
      'packages/core/src/Signature.test.ts',
      'packages/core/src/SigningKey.test.ts',
      'packages/core/src/Authorize.test.ts',
      'packages/core/src/Request.test.ts',
      'packages/core/src/findYParity.test.ts',
      'packages/core/src/invertScalar.test.ts',
      'packages/core/src/waitFor.test.ts',
    ],
  },
  iam: {
    goal: 88,
    mutate: ['packages/iam/src/policy/*.ts'],
    tests: [
      // All but policy.fuzz.test.ts, which takes seconds for each change.
      'packages/iam/src/policy/{Condition,Policy,RequestContext,Unseen,cases,decide}.test.ts',
      'packages/iam/src/policy/texts.fuzz.test.ts',
    ],
  },
  sender: {
    goal: 80,
    mutate: [
      'packages/sender/src/nonce/*.ts',
      'packages/sender/src/ledger/*.ts',
      'packages/sender/src/ledger/memory/*.ts',
    ],
    tests: [
      'packages/sender/src/nonce/*.test.ts',
      'packages/sender/src/ledger/*.test.ts',
      'packages/sender/src/ledger/memory/*.test.ts',
    ],
  },
}
