/** Tables for goldens of plans: a star of orders with statistics that make a difference, and a metric with labels. */
export const GOLDEN_TABLES = `
CREATE TABLE region (id INTEGER NOT NULL, name TEXT NOT NULL);
CREATE TABLE customer (id INTEGER NOT NULL, region INTEGER NOT NULL, name TEXT NOT NULL, credit DECIMAL(12, 2));
CREATE TABLE orders (id BIGINT NOT NULL, customer INTEGER NOT NULL, placed DATE NOT NULL, status TEXT NOT NULL, total DECIMAL(12, 2));
CREATE TABLE item (orders BIGINT NOT NULL, line INTEGER NOT NULL, product INTEGER, quantity INTEGER, price DECIMAL(12, 2), note TEXT);
CREATE TABLE http_requests_total (ts TIMESTAMP TIME, job TEXT TAG, code TEXT TAG, value DOUBLE PRECISION);
INSERT INTO region SELECT n, 'region ' || CAST(n AS TEXT) FROM generate_series(1, 5) AS g(n);
INSERT INTO customer SELECT n, 1 + n % 5, 'customer ' || CAST(n AS TEXT), CASE WHEN n % 10 = 0 THEN NULL ELSE n * 1.25 END FROM generate_series(1, 1000) AS g(n);
INSERT INTO orders SELECT n, 1 + n * 7 % 1000, DATE '2024-01-01' + n % 366, CASE WHEN n % 10 = 0 THEN 'open' ELSE 'done' END, n * 1.25
  FROM generate_series(1, 10000) AS g(n);
INSERT INTO item SELECT 1 + n / 4, n % 4, n % 500, 1 + n % 50, n % 997 * 0.25, CASE WHEN n % 3 = 0 THEN NULL ELSE 'note ' || CAST(n % 100 AS TEXT) END
  FROM generate_series(0, 39999) AS g(n);
INSERT INTO http_requests_total SELECT TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '15 seconds' * (n / 4),
  CASE WHEN n % 4 < 2 THEN 'api' ELSE 'web' END, CASE WHEN n % 2 = 0 THEN '200' ELSE '500' END, n / 4 * (1 + n % 4)
  FROM generate_series(0, 4799) AS g(n);
`;
