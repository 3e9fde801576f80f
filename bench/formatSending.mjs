const short = (value) => value.toFixed(value < 10 ? 2 : 0)

/** The sender's goals, each with its figure. */
export function sendingGoals({ keyward, viem, limit }) {
  const yes = (v) => v === 'yes'
  return [
    [
      'transactions/s of one key, 4 processes, against in-flight / (KMS + ledger + RPC)',
      0.7,
      keyward.perSecond / limit,
      (v) => v >= 0.7,
    ],
    [
      'the same against viem + nonce manager + SDK in one process',
      1,
      keyward.perSecond / viem.perSecond,
      (v) => v >= 1,
    ],
    [
      'each mined once, nonces contiguous, balances exact',
      'yes',
      keyward.exact && keyward.contiguous ? 'yes' : 'no',
      yes,
    ],
  ]
}

export function formatSending({ alone, keyward, viem, viemFour, limit }) {
  const rows = [
    ['keyward, 4 processes', keyward, keyward.sent, 0, {}],
    [
      'viem + nonce manager + AWS SDK, 1 process',
      viem,
      viem.answered,
      viem.lost,
      viem.failures,
    ],
    [
      'the same, 4 processes',
      viemFour,
      viemFour.answered,
      viemFour.lost,
      viemFour.failures,
    ],
  ]
  return `
## Sending from one key, 32 in flight

KMS answers after 150 ms; a block every second. Alone, one after the other, one
transaction waits ${short(alone.kmsMs)} ms for KMS, ${short(alone.ledgerMs)} ms for the ledger and ${short(alone.rpcMs)} ms for the node,
so 32 in flight allow ${short(limit)} transactions/s.

| who | transactions/s | CPU ms each | answered with a hash | of these never mined | refused |
| --- | --- | --- | --- | --- | --- |
${rows
  .map(
    ([name, run, answered, lost, failures]) =>
      `| ${name} | ${short(run.perSecond)} | ${short(run.cpuMs)} | ${answered} | ${lost} | ${describe(failures)} |`,
  )
  .join('\n')}

Each transaction of Keyward's asks KMS, ledger and node this often:

| call | per transaction |
| --- | --- |
${Object.entries(keyward.calls)
  .sort(([, a], [, b]) => b - a)
  .map(([name, times]) => `| \`${name}\` | ${times.toFixed(3)} |`)
  .join('\n')}
| all writes of the ledger | ${countWrites(keyward.calls).toFixed(3)} |

With its nonce manager in four processes, viem tries one nonce for several
transactions: ${viemFour.answered} of ${viemFour.asked} were sent, ${viemFour.lost} of them never mined, and ${sum(viemFour.failures)} failed. What
failed has to be tried again by a caller who can't know which of them a node has.
`
}

function countWrites(calls) {
  return sum({
    put: calls['dynamodb:PutItem'] ?? 0,
    update: calls['dynamodb:UpdateItem'] ?? 0,
  })
}

function describe(failures) {
  const texts = Object.entries(failures)
  return texts.map(([text, times]) => `${times} x ${text}`).join('; ') || '0'
}

function sum(failures) {
  return Object.values(failures).reduce((total, times) => total + times, 0)
}
