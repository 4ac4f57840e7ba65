/** One query's times: medians in milliseconds, per engine. `ratio` is the peer's time ÷ ours: above 1 is faster. */
export interface QueryTime {
  readonly name: string;
  readonly lumadb_ms: number;
  readonly peer: string;
  readonly peer_ms: number;
  readonly ratio: number;
  /** Further engines, milliseconds by name. */
  readonly others?: Readonly<Record<string, number>>;
}

export interface BenchReport {
  readonly name: string;
  readonly sf: number | null;
  readonly threads: number;
  readonly queries: readonly QueryTime[];
  /** Over the first peer. */
  readonly geomean: number;
  readonly peers: Readonly<Record<string, number>>;
}

export function reportOf(name: string, sf: number | null, threads: number, queries: readonly QueryTime[]): BenchReport {
  const peers: Record<string, number> = {};
  const [first] = queries;
  if (first !== undefined) {
    peers[first.peer] = geomean(queries.map((query) => query.ratio));
    for (const other of Object.keys(first.others ?? {})) {
      peers[other] = geomean(queries.map((query) => (query.others?.[other] ?? Number.NaN) / query.lumadb_ms));
    }
  }
  return { name, sf, threads, queries, geomean: first === undefined ? Number.NaN : (peers[first.peer] ?? Number.NaN), peers };
}

export function geomean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

export function printReport(report: BenchReport, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(report));
    return;
  }
  const [first] = report.queries;
  if (first === undefined) return;
  const others = Object.keys(first.others ?? {});
  const scale = report.sf === null ? '' : `, scale factor ${report.sf}`;
  console.log(`${report.name}${scale}, ${report.threads} threads, median milliseconds; ratio = peer ÷ LumaDB\n`);
  const heading = ['query', 'LumaDB', ...[first.peer, ...others].flatMap((peer) => [peer, 'ratio'])];
  console.log(row(heading));
  console.log(row(heading.map((_, i) => (i === 0 ? '---' : '---:'))));
  for (const query of report.queries) {
    const times = [query.peer_ms, ...others.map((other) => query.others?.[other] ?? Number.NaN)];
    console.log(
      row([query.name, ms(query.lumadb_ms), ...times.flatMap((time) => [ms(time), (time / query.lumadb_ms).toFixed(2)])]),
    );
  }
  console.log(row(['geometric mean', '', ...Object.values(report.peers).flatMap((ratio) => ['', ratio.toFixed(2)])]));
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function ms(time: number): string {
  return time < 10 ? time.toFixed(2) : time.toFixed(1);
}
