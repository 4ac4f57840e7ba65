/** Three-valued logic, conditionals, and what must not be evaluated. */
const VALUES = ['true', 'false', 'null::boolean'];

export const logicCases: readonly string[] = [
  ...VALUES.flatMap((a) =>
    VALUES.flatMap((b) => [`${a} and ${b}`, `${a} or ${b}`, `${a} = ${b}`, `${a} < ${b}`, `${a} is distinct from ${b}`]),
  ),
  ...VALUES.flatMap((a) => [
    `not ${a}`,
    `${a} is null`,
    `${a} is not null`,
    `${a} is true`,
    `${a} is not true`,
    `${a} is false`,
    `${a} is not false`,
  ]),
  ...VALUES.flatMap((a) => VALUES.flatMap((b) => VALUES.map((c) => `${a} and ${b} or not ${c} and ${a}`))),
  "'x' is null and 'y' is null or null",
  'case when true then 1 else 2 end',
  'case when null then 1 end',
  'case when false then 1 when true then 2.5 end',
  'case 3 when 1 then 10 when 3 then 30 else 0 end',
  'case null::int when null then 1 else 2 end',
  "case when 1 = 1 then 'a' else 'bb' end",
  'case when 1 > 2 then 1.25 else 100 end',
  "case when 1 > 2 then null else 'x' end",
  'coalesce(null, null, 3)',
  'coalesce(null::int, 2.5)',
  'coalesce(null::text, null)',
  "coalesce('a', 'b')",
  'coalesce(null::int, null::bigint)',
  'nullif(1, 1)',
  'nullif(1, 2)',
  'nullif(null::int, 1)',
  "nullif('a', 'b')",
  "concat('a', 'b') is null",
];
