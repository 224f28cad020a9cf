//! A Prometheus to ask, where the environment variable `PYROGRAPH_PROMETHEUS` names one, as `http://127.0.0.1:9090`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A connection to a Prometheus.
pub struct Server {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Server {
    /// The server of the environment; says that a test is skipped where there is none.
    pub fn connect() -> Option<Self> {
        let Ok(url) = std::env::var("PYROGRAPH_PROMETHEUS") else {
            println!("skipped: PYROGRAPH_PROMETHEUS names no server");
            return None;
        };
        let host = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let stream = TcpStream::connect(&host).unwrap();
        stream.set_nodelay(true).unwrap();
        Some(Self { stream: BufReader::new(stream), host })
    }

    /// The server's version, such as `2.42.0`.
    pub fn version(&mut self) -> String {
        let body = self.post("status/buildinfo", &[]);
        body["data"]["version"].as_str().unwrap_or_default().to_owned()
    }

    /// What `format_query` makes of an expression, or what the server has against it: line, column and message.
    pub fn format(&mut self, expr: &str) -> Result<String, (usize, usize, String)> {
        let body = self.post("format_query", &[("query", expr)]);
        if let Some(formatted) = body["data"].as_str() {
            return Ok(formatted.to_owned());
        }
        let error = body["error"].as_str().unwrap_or_default();
        let error = error.trim_start_matches("invalid parameter \"query\": ");
        let (place, message) = error.split_once(": parse error: ").unwrap_or(("0:0", error));
        let (line, column) = place.split_once(':').unwrap_or(("0", "0"));
        Err((line.parse().unwrap_or(0), column.parse().unwrap_or(0), message.to_owned()))
    }

    fn post(&mut self, path: &str, params: &[(&str, &str)]) -> serde_json::Value {
        let body: Vec<String> = params.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let body = body.join("&");
        let method = if params.is_empty() { "GET" } else { "POST" };
        let request = format!(
            "{method} /api/v1/{path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.host,
            body.len(),
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let mut length = 0;
        let mut is_chunked = false;
        loop {
            let header = self.read_line();
            let header = header.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            is_chunked |= header == "transfer-encoding: chunked";
            if let Some(value) = header.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
        }
        let body = if is_chunked { self.read_chunks() } else { self.read_exactly(length) };
        serde_json::from_slice(&body).unwrap()
    }

    fn read_line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line
    }

    fn read_exactly(&mut self, length: usize) -> Vec<u8> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        body
    }

    fn read_chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(self.read_line().trim(), 16).unwrap();
            body.extend(self.read_exactly(length));
            self.read_line();
            if length == 0 {
                return body;
            }
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
