import { isDenied, nameOf } from '../aws/peek.js'

/**
 * Does what brings a part into a state, also where it is seen in that state
 * already: AWS may show what there was some seconds ago, and a stop that came
 * right after a start would be left out. What is seen is believed only by who
 * can do no more.
 *
 * @param note - Of the state that is seen; undefined where it is another.
 * @returns the note, or undefined when it was done and was not so before
 */
export async function doUnlessBarred(
  note: string | undefined,
  act: () => Promise<void>,
): Promise<string | undefined> {
  try {
    await act()
  } catch (error) {
    const isBarred =
      isDenied(error) || nameOf(error) === 'KMSInvalidStateException'
    if (note === undefined || !isBarred) throw error
  }
  return note
}
