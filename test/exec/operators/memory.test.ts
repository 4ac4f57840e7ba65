import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PhysicalPlan } from '../../../planner/physical/plan.ts';
import { call, constant, Harness, ref } from '../harness.ts';
import { COLUMNS, randomRows } from './data.ts';
import { Peer } from './peer.ts';
import {
  aggregate,
  aggregateCall,
  hashJoin,
  nestedLoop,
  sort,
  sortKeys,
  topN,
  WHOLE_PARTITION,
  windowAggregate,
  windowed,
} from './plans.ts';

/** The operators whose memory grows with their input. */
const PLANS: readonly (readonly [name: string, plan: (db: Harness) => PhysicalPlan])[] = [
  [
    'groups by index',
    (db) => {
      const scan = db.scan('rows');
      return aggregate(db, scan, [ref(scan, 'id')], [aggregateCall(db, 'max', [ref(scan, 'w')])]);
    },
  ],
  [
    'groups by hash',
    (db) => {
      const scan = db.scan('rows');
      return aggregate(db, scan, [ref(scan, 'id'), ref(scan, 'u')], [aggregateCall(db, 'max', [ref(scan, 'w')])]);
    },
  ],
  [
    'hash join',
    (db) => {
      const [left, right] = [db.scan('rows'), db.scan('rows')];
      return hashJoin(db, 'inner', left, right, [[ref(left, 'id'), ref(right, 'id')]]);
    },
  ],
  [
    'nested loop',
    (db) => {
      const [left, right] = [db.scan('few'), db.scan('rows')];
      return nestedLoop(db, 'semi', left, right, [call('less', ref(left, 'd'), ref(right, 'd'))]);
    },
  ],
  [
    'sort',
    (db) => {
      const scan = db.scan('rows');
      return sort(db, scan, sortKeys(scan, 'u'));
    },
  ],
  [
    'top-N',
    (db) => {
      const scan = db.scan('rows');
      return topN(db, scan, sortKeys(scan, 'u'), 16_000);
    },
  ],
  [
    'window',
    (db) => {
      const scan = db.scan('rows');
      return windowed(db, scan, [ref(scan, 's')], [], [windowAggregate(db, 'count', [], WHOLE_PARTITION)]);
    },
  ],
];

describe('pipeline breakers past their memory', () => {
  const db = new Harness({ threads: 2 });
  beforeAll(async () => {
    const peer = await Peer.open();
    await peer.createTable(db, 'rows', COLUMNS, randomRows(70_000, 50_000, 1));
    await peer.createTable(db, 'few', COLUMNS, randomRows(10, 5, 2));
    peer.close();
    await db.rows(aggregateOf(db.scan('rows'))); // the threads start, and keep what they need
  }, 120_000);
  afterAll(() => db.close());

  test.each(PLANS)('%s: ends with 53200, gives everything back, and works with enough', async (_, planOf) => {
    const plan = aggregateOf(planOf(db));
    const used = db.memory.used;
    await expect(db.rows(plan, { memoryLimit: 400_000 })).rejects.toMatchObject({ code: '53200' });
    expect(db.memory.used).toBe(used);
    const [row] = await db.rows(plan);
    expect(Number(row?.[0])).toBeGreaterThan(0);
    expect(db.memory.used).toBe(used);
  });

  function aggregateOf(plan: PhysicalPlan): PhysicalPlan {
    const rows = aggregate(db, plan, [], [aggregateCall(db, 'count', [])]);
    return db.filter(rows, call('greater', ref(rows, 'count'), constant(0n)));
  }
});
