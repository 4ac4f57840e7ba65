/** Six million rows of lineitem's shape and 1.5 million orders, doubles for money: what the hand-written kernels work on. */
export const ROWS = 6_000_000;
export const ORDERS = ROWS / 4;

export const TABLES: Readonly<Record<string, string>> = {
  lineitem: `orderkey INTEGER NOT NULL, partkey INTEGER NOT NULL, quantity DOUBLE PRECISION NOT NULL,
    extendedprice DOUBLE PRECISION NOT NULL, discount DOUBLE PRECISION NOT NULL, tax DOUBLE PRECISION NOT NULL,
    returnflag TEXT NOT NULL, linestatus TEXT NOT NULL, shipdate DATE NOT NULL`,
  orders: 'orderkey INTEGER NOT NULL, orderdate DATE NOT NULL, orderpriority TEXT NOT NULL',
};

/** How DuckDB computes each table's rows. */
export const GENERATORS: Readonly<Record<string, string>> = {
  lineitem: `SELECT i // 4 AS orderkey, hash(i) % 200000 AS partkey, hash(i + 1) % 50 + 1 AS quantity,
    (hash(i + 2) % 10000000) / 100.0 AS extendedprice, (hash(i + 3) % 11) / 100.0 AS discount, (hash(i + 4) % 9) / 100.0 AS tax,
    ['A', 'N', 'R'][(hash(i + 5) % 3)::INTEGER + 1] AS returnflag, ['F', 'O'][(hash(i + 6) % 2)::INTEGER + 1] AS linestatus,
    DATE '1992-01-01' + (hash(i + 7) % 2526)::INTEGER AS shipdate FROM range(${ROWS}) t(i)`,
  orders: `SELECT i AS orderkey, DATE '1992-01-01' + (hash(i + 12) % 2400)::INTEGER AS orderdate,
    ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'][(hash(i + 13) % 5)::INTEGER + 1] AS orderpriority
    FROM range(${ORDERS}) t(i)`,
};

/** The kernels as SQL; the constants 8766, 9131, 10471 and 9000 of the hand-written ones are these dates. */
export const QUERIES = {
  q6: `SELECT sum(extendedprice * discount) FROM lineitem
    WHERE shipdate >= DATE '1994-01-01' AND shipdate < DATE '1995-01-01'
      AND discount BETWEEN 0.05::DOUBLE PRECISION AND 0.07::DOUBLE PRECISION AND quantity < 24`,
  q1: `SELECT returnflag, linestatus, sum(quantity), sum(extendedprice), sum(extendedprice * (1 - discount)),
      sum(extendedprice * (1 - discount) * (1 + tax)), avg(quantity), avg(extendedprice), avg(discount), count(*)
    FROM lineitem WHERE shipdate <= DATE '1998-09-02' GROUP BY returnflag, linestatus ORDER BY returnflag, linestatus`,
  gb: 'SELECT partkey, count(*), sum(quantity) FROM lineitem GROUP BY partkey ORDER BY 3 DESC, 1 LIMIT 10',
  j: `SELECT orderpriority, sum(extendedprice), count(*) FROM lineitem l JOIN orders o ON l.orderkey = o.orderkey
    WHERE o.orderdate < DATE '1994-08-23' AND l.shipdate > DATE '1994-08-23' GROUP BY orderpriority`,
} as const;

export type KernelName = keyof typeof QUERIES;
