import { all, type Fact, when } from './Fact.js'

const page = 'reference_policies_elements_condition_operators'
const days = 'kms:ScheduleKeyDeletionPendingWindowInDays'
const on = (key: string) => (operator: string, value: unknown, given: string) =>
  when({ [operator]: { [key]: value } }, { [key]: given })
const number = on(days)
const date = on('kms:ValidTo')
const bool = on('kms:MultiRegion')
const binary = on('a:binary')
const ip = on('aws:SourceIp')

/** Operators that compare numbers, dates, booleans, bytes or addresses. */
export const typed: Fact[] = [
  {
    page,
    says: 'Numeric operators compare integers and decimals by value.',
    cases: all(
      'allowed',
      number('NumericEquals', '30', '30'),
      number('NumericEquals', 30, '30.0'),
      number('NumericEquals', '007', '7'),
      number('NumericEquals', ['7', '30'], '30'),
      number('NumericNotEquals', '30', '7'),
      number('NumericLessThan', '30', '7'),
      number('NumericLessThan', '0.25', '0.125'),
      number('NumericLessThan', '-1', '-2'),
      number('NumericLessThanEquals', '30', '30'),
      number('NumericGreaterThan', '7', '30'),
      number('NumericGreaterThanEquals', '30', '30'),
    ),
    twins: all(
      'denied',
      number('NumericEquals', '30', '30.5'),
      // This is one more than a double can represent exactly.
      number('NumericEquals', '9007199254740992', '9007199254740993'),
      number('NumericLessThan', '9007199254740993', '9007199254740993'),
      number('NumericNotEquals', ['7', '30'], '30'),
      number('NumericLessThan', '30', '30'),
      // Numbers are compared by value: as text, 100 comes before 30.
      number('NumericLessThan', '30', '100'),
      number('NumericLessThanEquals', '30', '30.001'),
      number('NumericGreaterThan', '30', '30'),
      number('NumericGreaterThanEquals', '30', '29.999'),
    ),
  },
  {
    page,
    says: 'Date operators take ISO 8601 dates and seconds since 1970.',
    cases: all(
      'allowed',
      date('DateEquals', '2026-01-02T00:00:00Z', '2026-01-02T00:00:00.000Z'),
      date('DateEquals', '2026-01-02', '2026-01-02T00:00:00Z'),
      date('DateEquals', '2026-01', '2026-01-01T00:00:00Z'),
      date('DateEquals', '2026-01-02T01:00:00+01:00', '2026-01-02T00:00:00Z'),
      date('DateEquals', '1767312000', '2026-01-02T00:00:00Z'),
      date('DateNotEquals', '2026-01-03', '2026-01-02T00:00:00Z'),
      date('DateLessThan', '2026-01-02T00:00:01Z', '2026-01-02T00:00:00Z'),
      date('DateLessThanEquals', '2026-01-02', '2026-01-02T00:00:00Z'),
      date('DateGreaterThan', '2026-01-01', '2026-01-02T00:00:00Z'),
      date('DateGreaterThanEquals', '1767312000', '2026-01-02T00:00:00Z'),
    ),
    twins: all(
      'denied',
      date('DateEquals', '2026-01-02T00:00:00+01:00', '2026-01-02T00:00:00Z'),
      date('DateNotEquals', '1767312000', '2026-01-02T00:00:00Z'),
      date('DateLessThan', '2026-01-02', '2026-01-02T00:00:00Z'),
      date('DateLessThanEquals', '2026-01-02', '2026-01-02T00:00:01Z'),
      date('DateGreaterThan', '1767312000', '2026-01-02T00:00:00Z'),
      date('DateGreaterThanEquals', '1767312001', '2026-01-02T00:00:00Z'),
    ),
  },
  {
    page,
    says: 'Dates, numbers and addresses take no wildcards.',
    cases: all(
      'refused',
      date('DateEquals', '2026-*', '2026-01-02T00:00:00Z'),
      number('NumericEquals', '3?', '30'),
      ip('IpAddress', '203.0.113.*', '203.0.113.1'),
    ),
    twins: all('allowed', ip('IpAddress', '203.0.113.0/24', '203.0.113.1')),
  },
  {
    page,
    says: 'Bool compares with true or false.',
    cases: all(
      'allowed',
      bool('Bool', 'true', 'true'),
      bool('Bool', true, 'true'),
      bool('Bool', 'TRUE', 'true'),
      bool('Bool', 'false', 'false'),
    ),
    twins: all(
      'denied',
      bool('Bool', 'true', 'false'),
      bool('Bool', 'false', 'true'),
    ),
  },
  {
    page,
    says: 'BinaryEquals compares byte for byte with a value in base-64.',
    cases: all(
      'allowed',
      binary(
        'BinaryEquals',
        'QmluYXJ5VmFsdWVJbkJhc2U2NA==',
        'QmluYXJ5VmFsdWVJbkJhc2U2NA==',
      ),
      // These are the same byte, because leftover bits in the last base64
      // character don't count.
      binary('BinaryEquals', 'QQ==', 'QR=='),
    ),
    twins: all(
      'denied',
      binary(
        'BinaryEquals',
        'QmluYXJ5VmFsdWVJbkJhc2U2NA==',
        'QmluYXJ5VmFsdWVJbkJhc2U2Ng==',
      ),
      binary('BinaryEquals', 'AAAA', 'AAA='),
      when({ BinaryEquals: { 'a:binary': 'AAAA' } }, { 'a:binary': [] }),
    ),
  },
  {
    page,
    says: 'IpAddress takes addresses and CIDR ranges of IPv4 and IPv6.',
    cases: all(
      'allowed',
      ip('IpAddress', '203.0.113.0/24', '203.0.113.255'),
      ip('IpAddress', '203.0.113.9', '203.0.113.9'),
      ip('IpAddress', '203.0.113.9/32', '203.0.113.9'),
      ip('IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678::1'),
      ip(
        'IpAddress',
        ['203.0.113.0/24', '2001:DB8:1234:5678::/64'],
        '2001:db8:1234:5678:ffff::1',
      ),
      ip('NotIpAddress', '203.0.113.0/24', '203.0.114.0'),
    ),
    twins: all(
      'denied',
      ip('IpAddress', '203.0.113.0/24', '203.0.114.0'),
      // Without a prefix, it is a single address.
      ip('IpAddress', '203.0.113.0', '203.0.113.1'),
      ip('IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::1'),
      ip('IpAddress', '0.0.0.0/0', '2001:db8::1'),
      ip('NotIpAddress', '203.0.113.0/24', '203.0.113.7'),
      ip('NotIpAddress', ['203.0.113.0/24', '10.0.0.0/8'], '10.1.2.3'),
    ),
  },
]
