/** 128 and the number of SIGINT, as shells have it. */
export const interrupted = 130

/**
 * Says a last word when Ctrl-C ends the command: what it had begun goes on
 * elsewhere. One word at a time.
 */
export function createInterrupt(say: (text: string) => void) {
  let text: string | undefined
  const onSignal = () => {
    say(text ?? '')
    process.exit(interrupted)
  }
  return {
    set(given: string | undefined) {
      if (text === undefined && given !== undefined)
        process.on('SIGINT', onSignal)
      if (text !== undefined && given === undefined)
        process.off('SIGINT', onSignal)
      text = given
    },
  }
}
