const firstMs = 2_000
const everyMs = 5_000

/**
 * Announces an operation, and shows progress until it ends.
 *
 * @returns The operation's result.
 */
export async function withProgress<answer>(
  what: string,
  say: (text: string) => void,
  waiting: Promise<answer>,
): Promise<answer> {
  const start = Date.now()
  say(what)
  let timer = setTimeout(tell, firstMs)
  function tell() {
    say(`  still waiting, ${Math.round((Date.now() - start) / 1000)} s`)
    timer = setTimeout(tell, everyMs)
  }
  try {
    return await waiting
  } finally {
    clearTimeout(timer)
  }
}
