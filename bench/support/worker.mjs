// Runs one contender and measures its own CPU time, round by round.
const [, , contender, settings] = process.argv
const { create } = await import(contender)
const sign = await create(JSON.parse(settings))
let nonce = 0

process.on('message', async ({ signatures }) => {
  const cpu = process.cpuUsage()
  const start = performance.now()
  for (let i = 0; i < signatures; i++) await sign(nonce++)
  const { user, system } = process.cpuUsage(cpu)
  process.send({
    cpuUs: (user + system) / signatures,
    wallUs: ((performance.now() - start) * 1000) / signatures,
  })
})
process.send('ready')
