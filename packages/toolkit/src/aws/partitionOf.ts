import { Partition } from '@keyward/core/aws'

/** The partition that ARNs of a Region begin with. */
export function partitionOf(region: string): string {
  return Partition.ofRegion(region).id
}
