import type { TableInfo } from '../../../planner/catalog.ts';
import { DATE, type DataType, decimal, INT32, INT64, TEXT } from '../../../src/types/data-type.ts';
import { column, fixtureTable } from '../fixture.ts';

const MONEY = decimal(15, 2);

function table(name: string, columns: Readonly<Record<string, DataType>>, rows: number): TableInfo {
  const list = Object.entries(columns).map(([each, type]) => column(each, type, { notNull: true }));
  return fixtureTable(name, list, rows);
}

/** The tables of TPC-H (specification 3.0.1, 1.4.1) without keys; row counts at scale factor 1. */
export const TPCH_TABLES: readonly TableInfo[] = [
  table('region', { r_regionkey: INT32, r_name: TEXT, r_comment: TEXT }, 5),
  table('nation', { n_nationkey: INT32, n_name: TEXT, n_regionkey: INT32, n_comment: TEXT }, 25),
  table(
    'supplier',
    { s_suppkey: INT64, s_name: TEXT, s_address: TEXT, s_nationkey: INT32, s_phone: TEXT, s_acctbal: MONEY, s_comment: TEXT },
    10_000,
  ),
  table(
    'customer',
    {
      c_custkey: INT64,
      c_name: TEXT,
      c_address: TEXT,
      c_nationkey: INT32,
      c_phone: TEXT,
      c_acctbal: MONEY,
      c_mktsegment: TEXT,
      c_comment: TEXT,
    },
    150_000,
  ),
  table(
    'part',
    {
      p_partkey: INT64,
      p_name: TEXT,
      p_mfgr: TEXT,
      p_brand: TEXT,
      p_type: TEXT,
      p_size: INT32,
      p_container: TEXT,
      p_retailprice: MONEY,
      p_comment: TEXT,
    },
    200_000,
  ),
  table(
    'partsupp',
    { ps_partkey: INT64, ps_suppkey: INT64, ps_availqty: INT32, ps_supplycost: MONEY, ps_comment: TEXT },
    800_000,
  ),
  table(
    'orders',
    {
      o_orderkey: INT64,
      o_custkey: INT64,
      o_orderstatus: TEXT,
      o_totalprice: MONEY,
      o_orderdate: DATE,
      o_orderpriority: TEXT,
      o_clerk: TEXT,
      o_shippriority: INT32,
      o_comment: TEXT,
    },
    1_500_000,
  ),
  table(
    'lineitem',
    {
      l_orderkey: INT64,
      l_partkey: INT64,
      l_suppkey: INT64,
      l_linenumber: INT32,
      l_quantity: MONEY,
      l_extendedprice: MONEY,
      l_discount: MONEY,
      l_tax: MONEY,
      l_returnflag: TEXT,
      l_linestatus: TEXT,
      l_shipdate: DATE,
      l_commitdate: DATE,
      l_receiptdate: DATE,
      l_shipinstruct: TEXT,
      l_shipmode: TEXT,
      l_comment: TEXT,
    },
    6_000_000,
  ),
];
