/** DynamoDB's numbers are exact to 38 digits, and so are limits and what they count. */
export const maxAmount = 10n ** 38n - 1n
