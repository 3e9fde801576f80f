import { Partition } from '@keyward/core/aws'

/** The partition in the ARNs of a Region. */
export function partitionOf(region: string): string {
  return Partition.ofRegion(region).id
}
