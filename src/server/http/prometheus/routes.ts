import type { Route } from '../server.ts';
import { instantQuery, rangeQuery } from './query.ts';
import { failure } from './response.ts';

/** Prometheus' HTTP API, as far as dashboards and remote write need it. */
export const prometheusRoutes: readonly Route[] = [
  { path: '/api/v1/query', methods: ['GET', 'POST'], handle: instantQuery, failed: failure },
  { path: '/api/v1/query_range', methods: ['GET', 'POST'], handle: rangeQuery, failed: failure },
  {
    path: '/api/v1/write',
    methods: ['POST'],
    // The protobuf library is loaded with the first write.
    handle: async (request, database) => (await import('./write.ts')).remoteWrite(request, database),
    failed: failure,
  },
];
