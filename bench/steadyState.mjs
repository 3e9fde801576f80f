// CPU, time, calls and connections per signature, all contenders in turn
// within each round, so that a change of the machine's speed hits all alike.
import { readdir } from 'node:fs/promises'
import { start } from './support/fork.mjs'
import { median } from './support/median.mjs'

const warmUp = 100
const rounds = 5
const signatures = 300
const order = ['keyward', 'keywardSdk', 'viemSdk', 'rumblefish', 'cuonghx']

export async function measureSteadyState(server, settings) {
  const files = await readdir(new URL('contenders/', import.meta.url))
  const names = files.map((file) => file.replace('.mjs', ''))
  names.sort((a, b) => order.indexOf(b) - order.indexOf(a))
  const rows = []
  for (const id of names.reverse()) {
    const url = new URL(`contenders/${id}.mjs`, import.meta.url).href
    const before = await stats(server)
    const worker = await start('worker.mjs', [url, JSON.stringify(settings)])
    await worker.ask({ signatures: 1 })
    const first = subtract(await stats(server), before)
    await worker.ask({ signatures: warmUp })
    const { name } = await import(url)
    rows.push({ id, name, worker, first, rounds: [] })
  }
  for (let round = 0; round < rounds; round++)
    for (const row of rows) {
      const before = await stats(server)
      const result = await row.worker.ask({ signatures })
      const after = subtract(await stats(server), before)
      row.rounds.push({ ...result, ...after })
    }
  for (const row of rows) await row.worker.stop()
  return rows.map(({ id, name, first, rounds }) => ({
    id,
    name,
    firstCalls: first.requests,
    calls: median(rounds.map((r) => r.requests)) / signatures,
    connections: median(rounds.map((r) => r.connections)) / signatures,
    cpuUs: median(rounds.map((r) => r.cpuUs)),
    wallUs: median(rounds.map((r) => r.wallUs)),
  }))
}

async function stats(server) {
  return (await server.ask('stats')).stats
}

function subtract(after, before) {
  return {
    requests: after.requests - before.requests,
    connections: after.connections - before.connections,
  }
}
