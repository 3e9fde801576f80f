import { formatCapacity } from './capacity.mjs'
import { formatSending, sendingGoals } from './formatSending.mjs'
import { guardGoals } from './guard.mjs'

const round = (value, digits = 0) => value.toFixed(digits)
const ratio = (a, b) => (a / b).toFixed(2)

/** The results as a page, each goal with its figure. */
export function formatResults({ steady, cold, perSecond, sending, guard }) {
  const find = (id) => steady.find((row) => row.id === id)
  const ours = find('keyward')
  const peers = ['rumblefish', 'cuonghx', 'web3KmsSigner'].map(find)
  const best = peers.reduce((a, b) => (a.cpuUs < b.cpuUs ? a : b))
  const viem = find('viemSdk')
  const goals = [
    ['KMS calls per signature', 1, ours.calls, (v) => v === 1],
    ['KMS calls for the first signature', 2, ours.firstCalls, (v) => v === 2],
    ['new connections per signature', 0, ours.connections, (v) => v === 0],
    [
      `CPU per signature against the best peer (${best.name})`,
      0.25,
      ours.cpuUs / best.cpuUs,
    ],
    ['CPU per signature against viem + SDK', 0.33, ours.cpuUs / viem.cpuUs],
    [
      'CPU per signature against a bare HTTP round trip',
      2.2,
      ours.cpuUs / find('httpFloor').cpuUs,
    ],
    [
      'CPU per signature against sending a signed Sign request',
      2.2,
      ours.cpuUs / find('httpSign').cpuUs,
    ],
    ['bundle bytes', 180_000, cold.bytes.keyward],
    ['Sign/s of the local KMS', 500, perSecond, (v) => v >= 500],
    ...sendingGoals(sending),
    ...guardGoals(guard),
  ]
  for (const { node, keyward, peer } of cold.starts) {
    const modern = Number(node.slice(1).split('.')[0]) >= 24
    goals.push([
      `ready, above an empty script, Node ${node}`,
      modern ? 0.6 : 0.33,
      keyward.readyMs / peer.readyMs,
    ])
    goals.push([
      `first signature, above an empty script, Node ${node}`,
      0.5,
      keyward.signedMs / peer.signedMs,
    ])
  }
  return `# Benchmark

Written by \`npm run bench\`. All contenders sign on the same local KMS over
loopback, in turn within each round; medians. Ratios are the result: absolute
times depend on the machine and on what else it does. TLS and KMS's own latency
are not in these numbers.

## Goals

| what | goal | measured | met |
| --- | --- | --- | --- |
${goals
  .map(([what, goal, value, met = (v) => v <= goal]) =>
    row(what, goal, short(value), met(value) ? 'yes' : '**no**'),
  )
  .join('\n')}

## One signature in steady state (5 rounds of 300)

| who | KMS calls, first | then | new connections | CPU us | ratio to Keyward | wall us |
| --- | --- | --- | --- | --- | --- | --- |
${[...steady]
  .sort((a, b) => a.cpuUs - b.cpuUs)
  .map((r) =>
    row(
      r.name,
      r.firstCalls,
      short(r.calls),
      short(r.connections),
      round(r.cpuUs),
      ratio(r.cpuUs, ours.cpuUs),
      round(r.wallUs),
    ),
  )
  .join('\n')}

## Cold start, ms above an empty script (15 runs)

| Node | empty script | ready: Keyward | viem + SDK | ratio | first signature: Keyward | viem + SDK | ratio |
| --- | --- | --- | --- | --- | --- | --- | --- |
${cold.starts
  .map(({ node, emptyMs, keyward, peer }) =>
    row(
      node,
      round(emptyMs),
      round(keyward.readyMs),
      round(peer.readyMs),
      ratio(keyward.readyMs, peer.readyMs),
      round(keyward.signedMs),
      round(peer.signedMs),
      ratio(keyward.signedMs, peer.signedMs),
    ),
  )
  .join('\n')}

Bundles, minified: Keyward ${cold.bytes.keyward} bytes, viem + SDK ${cold.bytes.peer} bytes.

## The local KMS

${round(perSecond)} Sign/s with SigV4 verified, 8 in flight, client in another process.
${formatSending(sending)}${formatCapacity()}`
}

function row(...cells) {
  return `| ${cells.join(' | ')} |`
}

function short(value) {
  return typeof value !== 'number' || Number.isInteger(value)
    ? String(value)
    : value.toFixed(2)
}
