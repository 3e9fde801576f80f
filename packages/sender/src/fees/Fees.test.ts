import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import * as Fees from './Fees.js'

const gwei = 1_000_000_000n
const caps = { maxFeePerGas: 500n * gwei, maxTxFee: 10n ** 18n }
const market = {
  baseFee: 10n * gwei,
  tips: { slow: gwei, normal: 2n * gwei, fast: 3n * gwei },
}

describe('quote', () => {
  test('leaves room for the base fee, and more at higher speed', () => {
    const quote = (speed: 'slow' | 'normal' | 'fast') =>
      Fees.quote(market, { speed }, 21_000n, caps).maxFeePerGas / gwei
    expect([quote('slow'), quote('normal'), quote('fast')]).toEqual([
      16n,
      22n,
      33n,
    ])
  })

  test('a node that lies about fees costs no more than the caps', () => {
    const lie = { baseFee: 10n ** 30n, tips: market.tips }
    expect(() => Fees.quote(lie, { speed: 'fast' }, 21_000n, caps)).toThrow(
      'The fee is at least 1000000000000000000000 gwei per gas, which is above the cap of 500 gwei per gas (MAX_FEE_GWEI of the sender).',
    )
    const tip = { baseFee: gwei, tips: { ...market.tips, normal: 10n ** 30n } }
    const fees = Fees.quote(tip, { speed: 'normal' }, 21_000n, caps)
    expect(fees.maxFeePerGas).toBe(500n * gwei)
    expect(fees.maxPriorityFeePerGas).toBe(500n * gwei)
  })

  test('a high gas limit lowers the fee because of the total cap', () => {
    const gas = 10_000_000n
    const fees = Fees.quote(market, { speed: 'fast' }, gas, {
      ...caps,
      maxTxFee: gas * 12n * gwei,
    })
    expect(fees.maxFeePerGas).toBe(12n * gwei)
  })
})

describe('an exact fee', () => {
  const quote = (maxFeePerGas: bigint, more = caps) =>
    Fees.quote(
      market,
      { speed: 'slow', maxFeePerGas, exactFee: true },
      21_000n,
      more,
    )

  test('goes to the tip, except for the base fee', () => {
    expect(quote(17n * gwei)).toEqual({
      baseFee: 10n * gwei,
      maxFeePerGas: 17n * gwei,
      maxPriorityFeePerGas: 17n * gwei,
    })
    const legacy = { baseFee: undefined, gasPrice: 10n * gwei }
    const request = {
      speed: 'fast',
      maxFeePerGas: 10n * gwei,
      exactFee: true,
    } as const
    expect(Fees.quote(legacy, request, 21_000n, caps).maxFeePerGas).toBe(
      10n * gwei,
    )
  })

  test('is refused below the base fee and above a cap, never changed', () => {
    expect(() => quote(10n * gwei - 1n)).toThrow('The fee is at least 10 gwei')
    expect(() => quote(501n * gwei)).toThrow(
      'The fee is at least 501 gwei per gas, which is above the cap of 500 gwei per gas (MAX_FEE_GWEI of the sender).',
    )
    expect(() => quote(20n * gwei, { ...caps, maxTxFee: gwei })).toThrow(
      'MAX_TX_FEE_ETHER',
    )
  })
})

test('a bump is an eighth above all before it or refused, and within every cap', () => {
  const amount = fc.bigInt({ min: 1n, max: 10n ** 13n })
  const attempt = fc.tuple(amount, amount).map(([tip, more]) => ({
    maxFeePerGas: tip + more,
    maxPriorityFeePerGas: tip,
  }))
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.array(attempt, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('slow', 'normal', 'fast'),
      fc.option(amount, { nil: undefined }),
      fc.option(amount, { nil: undefined }),
      (baseFee, tip, previous, speed, cap, tipCap) => {
        const request = {
          speed,
          ...(cap === undefined ? {} : { maxFeePerGas: cap }),
          ...(tipCap === undefined ? {} : { maxPriorityFeePerGas: tipCap }),
        } as const
        const tips = { slow: tip, normal: tip, fast: tip }
        let fees: Fees.Fees
        try {
          fees = Fees.bump({ baseFee, tips }, request, 50_000n, caps, previous)
        } catch (error) {
          expect(error).toBeInstanceOf(Fees.FeeCapError)
          return
        }
        for (const one of previous) {
          expect(fees.maxFeePerGas * 100n).toBeGreaterThanOrEqual(
            one.maxFeePerGas * 110n,
          )
          expect(fees.maxPriorityFeePerGas * 100n).toBeGreaterThanOrEqual(
            one.maxPriorityFeePerGas * 110n,
          )
        }
        expect(fees.maxFeePerGas).toBeGreaterThanOrEqual(baseFee)
        expect(fees.maxFeePerGas).toBeLessThanOrEqual(caps.maxFeePerGas)
        if (cap !== undefined)
          expect(fees.maxFeePerGas).toBeLessThanOrEqual(cap)
        if (tipCap !== undefined)
          expect(fees.maxPriorityFeePerGas).toBeLessThanOrEqual(tipCap)
        expect(fees.maxPriorityFeePerGas).toBeLessThanOrEqual(fees.maxFeePerGas)
      },
    ),
    { numRuns: soak ? 500 : 50 },
  )
})

test('without a base fee both are the price', () => {
  const legacy = { baseFee: undefined, gasPrice: 10n * gwei }
  const first = Fees.quote(legacy, { speed: 'normal' }, 21_000n, caps)
  expect(first).toEqual({
    baseFee: undefined,
    maxFeePerGas: 11n * gwei,
    maxPriorityFeePerGas: 11n * gwei,
  })
  const next = Fees.bump(legacy, { speed: 'normal' }, 21_000n, caps, [first])
  expect(next.maxPriorityFeePerGas).toBe(next.maxFeePerGas)
  expect(next.maxFeePerGas).toBeGreaterThan((first.maxFeePerGas * 11n) / 10n)
})

describe('a pool that does not name its price', () => {
  /** How often is signed until it takes it, and what it gets then. */
  function climb(
    from: Fees.Market,
    isTaken: (fees: Fees.Fees) => boolean,
    limits = caps,
  ) {
    const refused: Fees.Fees[] = []
    let fees = Fees.quote(from, { speed: 'normal' }, 21_000n, limits)
    while (!isTaken(fees)) {
      refused.push(fees)
      fees = Fees.bump(from, { speed: 'normal' }, 21_000n, limits, [], refused)
    }
    return { signatures: refused.length + 1, fees }
  }

  test.each([
    [0n, gwei, 5],
    [0n, 5n * gwei, 7],
    [0n, 30n * gwei, 8],
    [7n, 25n * gwei, 8],
    [50n * gwei, 1_000_000n, 2],
    [50n * gwei, 25n * gwei, 4],
  ])('a base fee of %s and a minimum tip of %s', (baseFee, least, most) => {
    const from = { baseFee, tips: { slow: 1n, normal: 1n, fast: 1n } }
    const { signatures, fees } = climb(
      from,
      ({ maxPriorityFeePerGas }) => maxPriorityFeePerGas >= least,
    )
    expect(signatures).toBeLessThanOrEqual(most)
    const tip = fees.maxPriorityFeePerGas
    const small = gwei / 100n > baseFee / 16n ? gwei / 100n : baseFee / 16n
    expect(tip <= least * 5n || tip <= small).toBe(true)
    if (least >= gwei) expect(tip).toBeLessThanOrEqual(least * 3n)
  })

  test('a legacy price', () => {
    const from = { baseFee: undefined, gasPrice: 1n }
    const { signatures } = climb(
      from,
      ({ maxFeePerGas }) => maxFeePerGas >= 10n * gwei,
    )
    expect(signatures).toBeLessThanOrEqual(9)
  })

  test('never exceeds a cap, and reports a price above it', () => {
    const from = { baseFee: gwei, tips: { slow: 1n, normal: 1n, fast: 1n } }
    const seen: bigint[] = []
    const never = ({ maxFeePerGas }: Fees.Fees) => {
      seen.push(maxFeePerGas)
      return false
    }
    expect(() => climb(from, never)).toThrow('MAX_FEE_GWEI of the sender')
    expect(seen.length).toBeLessThanOrEqual(10)
    for (const one of seen) expect(one).toBeLessThanOrEqual(caps.maxFeePerGas)
  })
})
