//! From config.json to the worker's endpoints, and what happens without one.

use crate::browser::clock::Pauses;
use crate::browser::url;
use crate::protocol::{Access, Endpoint, ToWorker};
use crate::state::served;
use config::{Config, Credentials, DataSource, Limits, Problem, Resolution, Settings};
use engine::{Refine, SourceSettings};
use gloo_net::http::Request;
use promapi::Budget;

/// Reads config.json beside the page. Whatever is wrong with it is said and the rest is used; without one the page does
/// as well. A server that cannot say whether there is one is asked until it can, and `wait` says why meanwhile.
pub async fn load_config(wait: impl Fn(Option<&str>)) -> (Config, Vec<Problem>) {
    let mut pauses = Pauses::default();
    let text = loop {
        match served::fetch_text("config.json").await {
            Ok(text) => break Some(text),
            Err(error) if !error.passes => break None,
            Err(error) => {
                wait(Some(&error.words));
                pauses.wait().await;
            }
        }
    };
    wait(None);
    // Servers without the file often answer with their start page instead of 404.
    let text = text.filter(|text| !text.trim_start().starts_with('<'));
    let (mut config, problems) = match text {
        Some(text) => config::parse(&text),
        None => (Config::default(), Vec::new()),
    };
    if config.data_sources.is_empty() {
        config.data_sources = discover().await;
    }
    (config, problems)
}

/// Looks for a Prometheus on the page's own origin: Prometheus itself may be what serves the page.
async fn discover() -> Vec<DataSource> {
    for candidate in Config::default_for_origin() {
        for source in &candidate.data_sources {
            let Some(probe) = url::absolute(&source.api_url("status/buildinfo")) else { continue };
            if let Ok(response) = Request::get(&probe).send().await
                && response.ok()
                && response.headers().get("content-type").is_some_and(|kind| kind.starts_with("application/json"))
            {
                return candidate.data_sources;
            }
        }
    }
    Vec::new()
}

/// What the worker has to know of `config`, and of what the user has chosen beyond it.
pub fn configure(config: &Config, chosen: &Settings) -> ToWorker {
    let endpoint = |uid: &str, relative: &str, access: &config::Access| {
        url::absolute(relative).map(|url| Endpoint { uid: uid.to_owned(), url, access: asked_with(access) })
    };
    let (sources, alertmanagers) = (config.data_sources.iter(), config.alertmanagers.iter());
    ToWorker::Configure {
        sources: sources.clone().filter_map(|own| endpoint(&own.uid, &own.url, &own.access)).collect(),
        alertmanagers: alertmanagers.filter_map(|own| endpoint(&own.name, &own.url, &own.access)).collect(),
        settings: sources.map(|source| (source.uid.clone(), settings(source, chosen))).collect(),
        page_budget: budget(config.limits, engine::Settings::PAGE_BUDGET),
        check_merges: config.debug.check_merges,
        // Pages must not retry in step: any number that differs between them will do.
        seed: js_sys::Math::random().to_bits(),
    }
}

fn asked_with(access: &config::Access) -> Access {
    Access {
        cookies: match access.credentials {
            Credentials::SameOrigin => None,
            Credentials::Include => Some(true),
            Credentials::Omit => Some(false),
        },
        headers: access.headers.clone(),
        params: access.params.clone(),
        only_get: access.only_get,
    }
}

fn settings(source: &DataSource, chosen: &Settings) -> SourceSettings {
    SourceSettings {
        scrape_interval_millis: i64::try_from(source.scrape_interval_millis).unwrap_or(i64::MAX),
        refine: match chosen.resolution(&source.uid).unwrap_or(source.resolution) {
            Resolution::Panel => Refine::Panel,
            Resolution::Auto => Refine::Auto,
            Resolution::Full => Refine::Full,
        },
        timeout_secs: at_most_u32(source.timeout_millis.div_ceil(1_000)),
        max_in_flight: source.max_in_flight.map(at_most_u32),
        budget: budget(source.limits, SourceSettings::default().budget),
    }
}

/// `usual` but for what is said.
fn budget(limits: Limits, usual: Budget) -> Budget {
    Budget {
        bytes: limits.max_bytes.unwrap_or(usual.bytes),
        samples: limits.max_samples.unwrap_or(usual.samples),
        series: limits.max_series.map_or(usual.series, at_most_u32),
    }
}

fn at_most_u32(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
