/** Small queries over the tables of `fixture.ts`, one rule of name, type or clause each. `record.ts` asks PostgreSQL for the answers. */
export const QUERIES: readonly string[] = `
-- literals and their types
select 1
select 2147483647, 2147483648, 9223372036854775807, 9223372036854775808
select -2147483648, -9223372036854775808
select 1.5, 0.05, .5, 100.
select 'x', null
select true, false
select date '1998-01-01', timestamp '1998-01-01 10:00:00', interval '1 day'
select '1'::int, '1.5'::decimal(10, 2), cast('t' as boolean)
select date '1998-13-01'
select 'abc'::int
select '99999999999'::int
-- names
select a from t1
select t1.a, t1.b from t1
select t.a from t1 as t
select t1.a from t1 as t
select nope from t1
select t1.nope from t1
select nope.a from t1
select * from nope
select a.a from t1 a
select x from t2, t3
select t2.x from t2, t3
select * from t2, t3
select t2.*, z from t2, t3
select nope.* from t2
select *
select a as b, b as a from t1 order by a
select t2.x from t2, t2
select t2.x from t2, t3 as t2
select p.x from t2 as p(x, y2)
select p.y2 from t2 as p(x, y2)
select 1 from t2 as p(a, b, c, d)
select a "Mixed" from t1
-- types of expressions
select a + 1, a + 1.5, z + 1, x * z from t1, t3
select a / 2, z / 2, a % 3 from t1, t3
select l_extendedprice * (1 - l_discount) from lineitem
select l_quantity + 1, l_ratio + 1, l_ratio * l_quantity from lineitem
select a = 1, a <> 1, a < z from t1, t3
select a = 'x' from t1
select a = '7' from t1
select s = 1 from t2
select s = '1' from t2
select s + 1 from t2
select flag + 1 from t3
select a and true from t1
select not a from t1
select not flag, flag and true, flag or null from t3
select flag = 'yes' from t3
select -a, +a, -l_discount from t1, lineitem
select -s from t2
select o_orderdate < '1998-01-01' from orders
select o_orderdate < 'nonsense' from orders
select o_orderdate < 1 from orders
select o_orderdate >= date '1994-01-01' + interval '1 year' from orders
select o_orderdate + interval '1 month' from orders
select o_orderdate - date '1994-01-01' from orders
select ts - interval '1 hour' from cpu
select l_discount between 0.05 and 0.07 from lineitem
select a between 1 and 10, a not between 1 and 10 from t1
select s between 1 and 2 from t2
select a between 'x' and 2 from t1
select a in (1, 2, 3), a not in (1, 2) from t1
select a in (1, 2.5) from t1
select a in (1, 'x') from t1
select s in ('a', 'b') from t2
select s in (1, 2) from t2
select a in (b, c, 1) from t1
select a in (1, null) from t1
select s like 'a%', s not like 'b_' from t2
select a like 'x' from t1
select s is null, a is not null from t1, t2
select flag is true, flag is not true, flag is false, flag is not false from t3
select a is true from t1
select a is distinct from b, a is not distinct from 1 from t1
select a is distinct from 'x' from t1
-- CASE and its kin
select case when a = 1 then 'one' when a = 2 then 'two' end from t1
select case a when 1 then 1.5 else 2 end from t1
select case when a then 1 end from t1
select case when a = 1 then 1 else 'x' end from t1
select case when a = 1 then a else s end from t1, t2
select case when a = 1 then null else z end from t1, t3
select case a when 'x' then 1 end from t1
select case when true then null end
select coalesce(a, b, 0), coalesce(null, 'x'), coalesce(a, 1.5) from t1
select coalesce(a, s) from t1, t2
select coalesce(a, 'x') from t1
select nullif(a, 1), nullif(s, 'x'), nullif(l_discount, 0) from t1, t2, lineitem
select nullif(a, s) from t1, t2
-- casts
select a::bigint, a::text, z::int, s::int from t1, t2, t3
select l_discount::double precision, l_ratio::decimal(10, 3) from lineitem
select o_orderdate::timestamp, ts::date from orders, cpu
select a::date from t1
select flag::date from t3
select a::boolean from t1
-- functions
select nope(1)
select abs(a), abs(l_discount), abs(-1.5) from t1, lineitem
select abs(s) from t2
select abs()
select lower(s) from t2
select lower(a) from t1
select lower(distinct s) from t2
select count(*), count(a), count(distinct a) from t1
select sum(a), min(a), max(a) from t1
select min(s), max(o_orderdate), min(l_discount) from t2, orders, lineitem
select sum(l_ratio), sum(l_discount) from lineitem
select sum(s) from t2
select sum(*) from t1
select sum() from t1
select count() from t1
-- grouping
select a, count(*) from t1 group by a
select a, b, count(*) from t1 group by a
select a + 1, count(*) from t1 group by a + 1
select a + 2, count(*) from t1 group by a + 1
select a + b + 1 from t1 group by a + b
select t1.a from t1 group by a
select a from t1 group by t1.a
select a as k, count(*) from t1 group by k
select a as k, count(*) from t1 group by 1
select a from t1 group by 2
select a from t1 group by 'x'
select b as a, count(*) from t1 group by a
select count(*) as n from t1 group by n
select a, count(*) from t1 group by a, a
select count(*) from t1 having count(*) > 1
select a from t1 having a > 1
select a from t1 group by a having sum(b) > 1
select a from t1 group by a having b > 1
select a from t1 group by a having a
select a from t1 where count(*) > 1
select count(*) from t1 group by count(*)
select sum(count(*)) from t1
select a from t1 group by a order by sum(b)
select a from t1 group by a order by b
select count(*) from t1 order by a
select a, sum(b) filter (where c > 1) from t1 group by a
select sum(b) filter (where c) from t1
select sum(b) filter (where count(*) > 1) from t1
select case when a > 1 then 'big' else 'small' end, count(*) from t1 group by case when a > 1 then 'big' else 'small' end
select * from t1 group by a
-- order, distinct, limit
select a from t1 order by b
select a from t1 order by a + b desc nulls last
select a as x from t1 order by x + 1
select a as x from t1 order by x
select a, b as a from t1 order by a
select a, a from t1 order by a
select a from t1 order by 2
select a from t1 order by 'x'
select a from t1 order by nope
select distinct a from t1 order by a
select distinct a from t1 order by b
select distinct a + 1 from t1 order by a + 1
select distinct a from t1 order by a + 1
select a from t1 limit 10 offset 5
select a from t1 limit 'x'
select a from t1 limit a
select a from t1 limit -1
select a from t1 offset -1
select a from t1 limit null
select a from t1 limit 1.5
select a from t1 limit flag
select x from t3 limit flag
select x from t3 limit true
select a, 5 from t1 group by a, 2
-- set operations and VALUES
select a from t1 union select z from t3
select a from t1 union all select 1.5
select a from t1 union select s from t2
select a from t1 union select 'x'
select '7' union select a from t1
select null union select 1
select null union all select null
select a, b from t1 union select a from t1
select a from t1 intersect select x from t2
select a from t1 except all select x from t2
select a from t1 union select x from t2 order by a
select a from t1 union select x from t2 order by x
select a from t1 union select x from t2 order by a + 1
select a from t1 union select x from t2 order by 2
select a as k from t1 union select x from t2 order by k limit 3
values (1, 'a'), (2, 'b')
values (1, 'a'), (2)
values (1), (1.5)
values (1), ('x')
values (1), (null)
values (1), (2) order by 1
values (1), (2) order by column1 + 1
select v.column1 from (values (1), (2)) as v
select k from (values (1, 'a'), (2, 'b')) as v(k, t)
-- joins
select * from t2 join t3 on t2.x = t3.x
select * from t2 join t3 using (x)
select x from t2 join t3 using (x)
select t2.x, t3.x, x from t2 join t3 using (x)
select * from t2 natural join t3
select x from t2 left join t3 using (x)
select x from t2 full join t3 using (x)
select x from t2 right join t3 using (x)
select * from t2 join t3 using (y)
select * from t2 join t3 using (x, x)
select * from t2 join t3 on t2.nope = t3.x
select * from t2 join t3 on t2.x
select * from t2 join t3 on count(*) > 1
select * from t1 join t2 on t1.a = t2.x join t3 on t3.x = t2.x
select * from t1, t2 join t3 on t1.a = t3.x
select * from t1 cross join t2
select * from t2 join t3 using (x) join t2 as u using (x)
select * from t2 join t3 on true join t2 as u using (x)
-- subqueries
select (select max(x) from t2) from t1
select (select x, y from t2) from t1
select (select max(y) from t2 where t2.x = t1.a) from t1
select a from t1 where a = (select max(x) from t2)
select a from t1 where exists (select 1 from t2 where t2.x = t1.a)
select a from t1 where not exists (select * from t2 where x = a)
select exists (select 1 from t2) from t1
select a from t1 where a in (select x from t2)
select a from t1 where a in (select s from t2)
select a from t1 where a in (select x, y from t2)
select a from t1 where a not in (select y from t2)
select a in (select x from t2) from t1
select a from t1 where a > all (select y from t2)
select a from t1 where a = any (select y from t2) or b = 1
select a from t1 where (select flag from t3)
select a from t1 where (select x from t2)
select a from t1 where exists (select nope from t2)
select a, (select max(y) from t2 where t2.x = t1.a) from t1 group by a
select a, (select max(y) from t2 where t2.x = t1.b) from t1 group by a
select (select sum(t1.a) from t2 limit 1) from t1
select (select count(*) from t2 where t2.x = max(t1.a)) from t1
select (select max(t1.a) + t2.x from t2 limit 1) from t1
select a from t1 group by a having a > (select min(x) from t2)
select t.m from (select max(a) as m from t1) as t
select t.nope from (select max(a) as m from t1) as t
select * from (select a, a from t1) as t
select t.a from (select a, a from t1) as t
select u.y from t1, (select y from t2 where x = t1.a) as u
select u.y from t1, lateral (select y from t2 where x = t1.a) as u
select u.y from t1 left join lateral (select y from t2 where x = t1.a) as u on true
select g from t1, generate_series(1, a) as g
select g from t1 right join lateral generate_series(1, t1.a) as g on true
select * from t1 as x cross join (t2 as x cross join lateral (select x.y) as u)
select * from generate_series(1, 3)
select * from generate_series(1, 3) as g(n)
select g.n from generate_series(1, 3) as g(n)
-- WITH
with w as (select a from t1) select * from w
with w(k) as (select a from t1) select k from w
with w(k, l) as (select a from t1) select k from w
with w as (select a from t1), v as (select a + 1 as b from w) select b from v
with w as (select a from t1), w as (select b from t1) select * from w
with v as (select * from w), w as (select a from t1) select * from v
with w as (select nope from t1) select 1
with t1 as (select 1 as only_one) select only_one from t1
with w as (select a from t1) select (select max(a) from w), b from t1
-- windows
select row_number() over (order by a) from t1
select row_number() from t1
select rank() over (partition by a order by b), sum(c) over (partition by a) from t1
select a from t1 where row_number() over () = 1
select a from t1 group by row_number() over ()
select a from t1 group by a having row_number() over () = 1
select sum(sum(b)) over (order by a) from t1 group by a
select sum(b) over () from t1 group by a
select sum(row_number() over ()) from t1
select sum(sum(a) over ()) over () from t1
select lower(s) over () from t2
select sum(a) over w from t1 window w as (partition by b order by c)
select sum(a) over v from t1 window w as (partition by b)
select sum(a) over (w order by c) from t1 window w as (partition by b)
select sum(a) over (w order by c) from t1 window w as (order by b)
select sum(a) over (w partition by c) from t1 window w as (order by b)
select sum(a) over (order by b rows between 1 preceding and current row) from t1
select sum(a) over (order by b rows between current row and 1 preceding) from t1
select sum(a) over (order by b range between 1 preceding and 1 following) from t1
select sum(a) over (order by b, c range between 1 preceding and 1 following) from t1
select sum(a) over (order by b rows b preceding) from t1
select sum(a) over (order by s range between 1 preceding and current row) from t1, t2
select count(distinct a) over () from t1
select a from t1 order by row_number() over (order by b)
select distinct rank() over (order by a) from t1
-- names of result columns
select a + 1, abs(a), a::text, 1::int, case when true then 1 end, case when true then 1 else a end from t1
select count(*), sum(a), coalesce(a, 1), nullif(a, 1) from t1 group by a
select (select a from t1), exists (select 1), (select 1 as k), 'x'::text || 'y'
select date '2000-01-01', current_date, now()
`
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('--'));
