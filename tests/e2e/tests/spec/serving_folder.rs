//! The built app as a folder: on Prometheus itself, on any static server, and opened as a file.

use std::fs;
use std::process::Command;
use tests_e2e::{Options, Process, Setup, State, World, local};

/// Nothing but a Prometheus that scrapes itself, and the folder.
pub fn prometheus_serves_it_alone(world: &World) {
    let (prometheus, data) = prometheus(world);
    let page = world.page_at(&format!("http://127.0.0.1:{}/user", prometheus.port), Options::default());
    let look = || {
        page.open("explore?expr=up&from=now-5m&to=now").settled();
        (page.panel("explore-graph").state == State::Ready).then_some(())
    };
    page.wait("Prometheus has scraped itself", look);
    assert_eq!(page.panel("explore-table").state, State::Ready);
    page.assert_no_complaints();
    for route in ["", "alerts"] {
        page.open(route);
        assert!(!page.text().trim().is_empty(), "{route} is blank");
    }
    page.open("targets");
    page.click("Flags");
    page.wait("its flags are listed", || page.text().contains("web.user-assets").then_some(()));
    drop(prometheus);
    _ = fs::remove_dir_all(data);
}

fn prometheus(world: &World) -> (Process, std::path::PathBuf) {
    let port = tests_e2e::free_port().unwrap_or_else(|error| panic!("{error}"));
    let data = Setup::reports().join(format!("prometheus-{port}"));
    let config = format!(
        "scrape_configs: [{{ job_name: prometheus, scrape_interval: 1s, static_configs: [{{ targets: ['127.0.0.1:{port}'] }}] }}]\n"
    );
    let file = data.join("prometheus.yml");
    let written = fs::create_dir_all(&data).and_then(|()| fs::write(&file, config));
    written.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut command = Command::new(world.tools().join("prometheus"));
    command
        .arg(format!("--config.file={}", file.display()))
        .arg(format!("--storage.tsdb.path={}", data.join("tsdb").display()))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .arg(format!("--web.user-assets={}", world.dist().display()));
    let process = Process::start(command, port, Some(&data.join("log")));
    (process.unwrap_or_else(|error| panic!("{error:#}")), data)
}

/// No Prometheus anywhere: the page is there and says what is missing.
pub fn any_static_server_will_do(world: &World) {
    let server = world.serve(local::folder(world.dist()));
    let page = world.page_at(&format!("http://127.0.0.1:{}", server.port), Options::default());
    for route in ["", "explore?expr=up", "alerts"] {
        page.open(route);
        assert!(!page.text().trim().is_empty(), "{route} is blank");
    }
}

pub fn a_file_says_how_to_serve_it(world: &World) {
    let page = world.page();
    page.goto(&format!("file://{}/index.html", world.dist().display()));
    let told = || {
        let visible = "return getComputedStyle(document.querySelector('.boot-late')).visibility === 'visible'";
        (page.eval::<bool>(visible) && page.text().contains("serve its folder over HTTP")).then_some(())
    };
    page.wait("the page says how to serve it", told);
}
