/** The exit code as in shells: 128 plus the number of SIGINT. */
export const interrupted = 130

/**
 * Prints a last message when Ctrl-C ends a command whose work continues
 * elsewhere. There is only one message at a time.
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
