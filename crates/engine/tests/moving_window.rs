//! A window that moves over the data of a real server: every answer put together from pieces is compared with a whole one.
//!
//! Set `PYROGRAPH_PROMETHEUS` to the `host:port` of the demo's Prometheus, or of one with its data, to run it.
#![allow(clippy::unwrap_used)]

use dashboard::time::RawRange;
use engine::{
    Engine, Fetch, Input, Output, PanelId, PanelSpec, PanelState, Placement, QuerySpec, Refine, Report, Settings, View,
};
use frame::{Millis, Zone, Zones};
use promapi::{Answer, Budget, Decoder, Expect, FetchError, QueryResult, Request, ResponseHead, judge};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::rc::Rc;
use std::time::SystemTime;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// Of the demo's metrics: counters, gauges, histograms, series that come and go.
const EXPRS: [&str; 24] = [
    "up",
    "rate(requests_total[5m])",
    "irate(requests_total[2m])",
    "sum by (code) (rate(requests_total[5m]))",
    "sum(rate(process_cpu_seconds_total[1m])) by (job) * 100",
    "histogram_quantile(0.9, sum by (le) (rate(request_duration_seconds_bucket[5m])))",
    "topk(3, queue_depth)",
    "count(up == 1)",
    "avg_over_time(queue_depth[3m])",
    "max_over_time(rate(process_cpu_seconds_total[1m])[10m:30s])",
    "deriv(process_resident_memory_bytes[10m])",
    "predict_linear(process_resident_memory_bytes[10m], 3600)",
    "quantile_over_time(0.9, queue_depth[5m])",
    "changes(process_start_time_seconds[10m])",
    "process_resident_memory_bytes offset 7m",
    "process_resident_memory_bytes - process_resident_memory_bytes offset -3m",
    "absent(nonsense)",
    "time() - process_start_time_seconds",
    "hour(timestamp(up))",
    "queue_depth > bool 100",
    "up and on (job) queue_depth > 1",
    "label_replace(up, \"host\", \"$1\", \"instance\", \"(.*):.*\")",
    "process_resident_memory_bytes @ end()",
    "vector(1)",
];

struct Utc;

impl Zones for Utc {
    fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
        0
    }
}

struct Server(String);

impl Server {
    fn ask(&self, request: &Request, expect: Expect, budget: Budget) -> Result<Answer, FetchError> {
        let params = request.encoded_params();
        let mut stream = TcpStream::connect(&self.0).unwrap();
        write!(
            stream,
            "POST /api/v1/{} HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{params}",
            request.path,
            params.len()
        )
        .unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        let end = response.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let (head, body) = response.split_at(end + 4);
        let status = std::str::from_utf8(head).unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let mut decoder = Decoder::new(expect, budget);
        let decoded = decoder.push(body).and_then(|()| decoder.finish());
        judge(&ResponseHead { status, content_type: "application/json", ..ResponseHead::default() }, decoded)
    }

    /// When it scraped last.
    fn last_scrape(&self) -> Millis {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as i64;
        let request = Request::query("max(max_over_time(timestamp(up)[7d:1m]))", Millis(now), 30);
        let answer = self.ask(&request, Expect::Any, engine::SourceSettings::default().budget).unwrap();
        let QueryResult::Vector(vector) = answer.result else { panic!("a vector") };
        Millis((vector.series[0].1 * 1000.0) as i64)
    }
}

/// One page with one panel.
struct Page {
    engine: Engine,
    server: Server,
    now: Millis,
    mismatches: Vec<Report>,
    wholes: u64,
    parts: u64,
}

impl Page {
    fn input(&mut self, input: Input) {
        self.engine.handle_input(input, self.now);
        let mut fetches: Vec<Fetch> = Vec::new();
        loop {
            match self.engine.poll_output() {
                Some(Output::Fetch(fetch)) => fetches.push(fetch),
                Some(Output::Report(report)) => self.mismatches.push(report),
                Some(_) => {}
                None if fetches.is_empty() => break,
                None => {
                    let Fetch { id, request, expect, budget, .. } = fetches.remove(0);
                    let outcome = self.server.ask(&request, expect, budget);
                    if let (Ok(answer), Expect::Grid(grid)) = (&outcome, expect) {
                        let counter = if grid.len > 200 { &mut self.wholes } else { &mut self.parts };
                        *counter += answer.bytes;
                    }
                    self.engine.handle_input(Input::Fetched { id, outcome, took_millis: 20 }, self.now);
                }
            }
        }
    }
}

fn view(expr: &str, from: &str, to: &str) -> View {
    let panel = PanelSpec {
        id: "1".into(),
        source: "prometheus".into(),
        queries: vec![QuerySpec { ref_id: "A".into(), expr: expr.into(), ..QuerySpec::default() }],
        max_data_points: Some(120),
        refine: Some(Refine::Full),
        ..PanelSpec::default()
    };
    View {
        range: RawRange::new(from, to),
        zone: Zone::Utc,
        refresh_millis: Some(30_000),
        panels: vec![panel],
        ..View::default()
    }
}

#[test]
fn what_is_put_together_is_what_the_server_says_of_the_whole() {
    let Ok(address) = std::env::var("PYROGRAPH_PROMETHEUS") else {
        println!("skipped: PYROGRAPH_PROMETHEUS is not set");
        return;
    };
    let last = Server(address.clone()).last_scrape();
    for expr in EXPRS {
        // A short overlap, so that most of what is compared is what was kept.
        let settings = Settings { check_merges: true, overlap_millis: MINUTE, ..Settings::default() };
        let mut engine = Engine::new(settings, Rc::new(Utc));
        engine.set_analysis(engine::analyse);
        let (server, now) = (Server(address.clone()), last.plus(-HOUR / 2));
        let mut page = Page { engine, server, now, mismatches: Vec::new(), wholes: 0, parts: 0 };
        page.input(Input::ServerDate { source: "prometheus".into(), date: now, sent_at: now });
        page.input(Input::Show(view(expr, "now-1h", "now")));
        page.input(Input::Place(PanelId::from("1"), Placement { width_px: 500, visible: true }));
        for tick in 1..=40 {
            page.now = page.now.plus(30_000);
            page.input(Input::Wake);
            if tick % 10 == 0 {
                let (from, to) = (format!("now-{}m", 60 + tick), format!("now-{tick}m"));
                page.input(Input::Show(view(expr, &from, &to)));
            }
        }
        let state = page.engine.panel(&PanelId::from("1"));
        assert!(matches!(state, Some(PanelState::Ready { .. })), "{expr}: {state:?}");
        assert_eq!(page.mismatches, [], "{expr}");
        println!("{:>9} bytes of parts, {:>9} of wholes and checks: {expr}", page.parts, page.wholes);
    }
}
