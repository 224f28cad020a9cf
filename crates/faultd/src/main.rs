//! `faultd --upstream URL [--port N] [--rules FILE]`

use lexopt::prelude::*;
use std::error::Error;

const HELP: &str = "\
faultd --upstream URL [--port N] [--rules FILE]

Passes requests on to URL and makes faults by rule. FILE is a JSON list of rules; so is the body of POST /-/rules:
  [{\"when\": {\"path\": \"query_range\", \"body\": \"errors\"}, \"delay_millis\": 0, \"chance\": 1,
    \"fault\": \"none\" | \"hang\" | \"reset\" | {\"cut\": {\"bytes\": 100, \"clean\": false}}
           | {\"drip\": {\"bytes\": 100, \"every_millis\": 50}}
           | {\"redirect\": {\"to\": \"/login\"}} | {\"inflate\": {\"series\": 1000000}}
           | {\"answer\": {\"code\": 503, \"content_type\": \"text/plain\", \"body\": \"busy\", \"retry_after_secs\": 5}}}]
GET /-/log lists the requests. /synthetic/api/v1/ answers any query with made-up series; its query_range without a
query takes series, points and kind=float|int|decimal.";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut upstream, mut port, mut rules) = (None, 0, Vec::new());
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Long("upstream") => upstream = Some(args.value()?.string()?),
            Long("port") => port = args.value()?.parse()?,
            Long("rules") => rules = serde_json::from_str(&std::fs::read_to_string(args.value()?)?)?,
            Short('h') | Long("help") => {
                println!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let upstream = upstream.ok_or("--upstream URL is missing")?;
    let server = faultd::spawn(&upstream, port).await?;
    server.faults().set(rules);
    println!("{} -> {upstream}", server.url());
    server.wait().await;
    Ok(())
}
