import { isDenied, nameOf } from '../aws/peek.js'

/**
 * Brings a part into a state, even if it already seems to be in it: AWS may
 * show a state that is a few seconds old, and a stop right after a start would
 * otherwise be skipped. The observed state counts only if the caller isn't
 * allowed to change it.
 *
 * @param note - Describes the observed state; undefined if it is not the
 * intended one.
 * @returns the note, or undefined if the state was changed
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
