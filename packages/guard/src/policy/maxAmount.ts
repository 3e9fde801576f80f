/** DynamoDB's numbers are exact to 38 digits, which bounds limits and sums. */
export const maxAmount = 10n ** 38n - 1n
