import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fixtureCatalog } from '../fixture.ts';
import { bindSql } from './bind-text.ts';
import { planText } from './plan-text.ts';
import { TPCH_TABLES } from './tpch-tables.ts';

const QUERIES = new URL('../../../../shared/suites/tpch/queries/', import.meta.url);
const catalog = fixtureCatalog(TPCH_TABLES);

/** Result columns of each query, by the specification (TPC-H 3.0.1, 2.4: SELECT lists). */
const COLUMNS: Readonly<Record<string, string>> = {
  q01: 'l_returnflag l_linestatus sum_qty sum_base_price sum_disc_price sum_charge avg_qty avg_price avg_disc count_order',
  q02: 's_acctbal s_name n_name p_partkey p_mfgr s_address s_phone s_comment',
  q03: 'l_orderkey revenue o_orderdate o_shippriority',
  q04: 'o_orderpriority order_count',
  q05: 'n_name revenue',
  q06: 'revenue',
  q07: 'supp_nation cust_nation l_year revenue',
  q08: 'o_year mkt_share',
  q09: 'nation o_year sum_profit',
  q10: 'c_custkey c_name revenue c_acctbal n_name c_address c_phone c_comment',
  q11: 'ps_partkey value',
  q12: 'l_shipmode high_line_count low_line_count',
  q13: 'c_count custdist',
  q14: 'promo_revenue',
  q15: 's_suppkey s_name s_address s_phone total_revenue',
  q16: 'p_brand p_type p_size supplier_cnt',
  q17: 'avg_yearly',
  q18: 'c_name c_custkey o_orderkey o_orderdate o_totalprice sum',
  q19: 'revenue',
  q20: 's_name s_address',
  q21: 's_name numwait',
  q22: 'cntrycode numcust totacctbal',
};

describe.skipIf(!existsSync(QUERIES))('TPC-H', () => {
  const files = existsSync(QUERIES) ? readdirSync(QUERIES).filter((name) => name.endsWith('.sql')) : [];
  test.each(files)('%s binds', (file) => {
    const { output } = bindSql(readFileSync(new URL(file, QUERIES), 'utf8'), { catalog });
    expect(output.map((each) => each.name).join(' ')).toBe(COLUMNS[file.replace('.sql', '')]);
  });

  test('EXISTS and NOT EXISTS of Q21 are semi and anti joins', () => {
    const plan = planText(bindSql(readFileSync(new URL('q21.sql', QUERIES), 'utf8'), { catalog }).plan);
    expect(plan).toContain('apply semi');
    expect(plan).toContain('apply anti');
    expect(plan).not.toContain('mark');
  });
});
