/**
 * DynamoDB's numbers are exact to 38 digits, so limits and sums are bounded.
 */
export const maxAmount = 10n ** 38n - 1n
