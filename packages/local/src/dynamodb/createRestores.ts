import type { Restores } from './DynamoContext.js'

export function createRestores(): Restores {
  const running = new Set<Promise<void>>()
  const inUse = new Set<string>()
  return {
    follow(restore, backupArn) {
      if (backupArn !== undefined) inUse.add(backupArn)
      const followed = restore
        // A failed restore leaves no target, which is all that a caller can
        // see.
        .catch(() => {})
        .finally(() => {
          running.delete(followed)
          if (backupArn !== undefined) inUse.delete(backupArn)
        })
      running.add(followed)
    },
    isInUse: (backupArn) => inUse.has(backupArn),
    async settled() {
      await Promise.all(running)
    },
  }
}
